/** Made by `npm run types` from docs/schema.graphql. */
export const postFields =
  'id body segments { type text username tag url } image { url thumbnail width height alt } createdBy { username displayName } createdOn modifiedOn edited likeCount liked canEdit'
