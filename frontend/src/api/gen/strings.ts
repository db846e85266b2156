/** Made by `npm run types` from docs/schema.graphql. */
export const postFields =
  'id body segments { type text username tag url } image { url thumbnail width height alt } createdBy { username displayName } createdOn modifiedOn edited likeCount liked bookmarked canEdit'
export const postsVariables =
  '$q: String, $author: String, $tag: String, $bookmarked: Boolean, $first: Int, $after: String, $last: Int, $before: String'
export const postsArguments =
  'q: $q, author: $author, tag: $tag, bookmarked: $bookmarked, first: $first, after: $after, last: $last, before: $before'
