/** Made by `npm run types` from docs/schema.graphql. */
export const postFields =
  'id body language segments { type text username tag url } image { url width height alt color renditions { url width height } } createdBy { username displayName avatar { url width height } } createdOn modifiedOn edited inReplyTo replyCount deleted held hidden likeCount liked bookmarked canEdit muted canDelete'
export const postsVariables =
  '$q: String, $author: String, $tag: String, $bookmarked: Boolean, $replies: Boolean, $unpublished: Boolean, $first: Int, $after: String, $last: Int, $before: String'
export const postsArguments =
  'q: $q, author: $author, tag: $tag, bookmarked: $bookmarked, replies: $replies, unpublished: $unpublished, first: $first, after: $after, last: $last, before: $before'
export const createPostVariables =
  '$body: String!, $image: Upload, $imageAlt: String, $inReplyTo: ID, $language: String'
export const createPostArguments =
  'body: $body, image: $image, imageAlt: $imageAlt, inReplyTo: $inReplyTo, language: $language'
export const updatePostVariables =
  '$body: String, $id: ID!, $image: Upload, $imageAlt: String, $language: String, $removeImage: Boolean, $version: String'
export const updatePostArguments =
  'body: $body, id: $id, image: $image, imageAlt: $imageAlt, language: $language, removeImage: $removeImage, version: $version'
