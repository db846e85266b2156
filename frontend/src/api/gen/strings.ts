/** Made by `npm run types` from docs/schema.graphql. */
export const postFields =
  'id body image { url thumbnail width height alt } createdBy { username displayName } createdOn modifiedOn edited inReplyTo replyCount deleted likeCount liked bookmarked canEdit'
export const postsVariables =
  '$q: String, $author: String, $bookmarked: Boolean, $replies: Boolean, $first: Int, $after: String, $last: Int, $before: String'
export const postsArguments =
  'q: $q, author: $author, bookmarked: $bookmarked, replies: $replies, first: $first, after: $after, last: $last, before: $before'
