/** Made by `npm run types` from docs/schema.graphql. */
export const postFields =
  'id body image { url width height alt renditions { url width height } } createdBy { username displayName } createdOn modifiedOn edited likeCount liked canEdit'
