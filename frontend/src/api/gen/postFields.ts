/** Made by `npm run types` from docs/schema.graphql. */
export const postFields =
  'id body image { url thumbnail width height alt } createdBy { username displayName } createdOn modifiedOn edited likeCount liked canEdit'
