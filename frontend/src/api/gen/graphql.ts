/** Made by `npm run types` from docs/schema.graphql. */

export interface Query {
  post: Post | null
  posts: PostConnection
}

export interface Post {
  id: string
  body: string
  image: Image | null
  createdBy: Author | null
  createdOn: string
  modifiedOn: string
  edited: boolean
  likeCount: number
  liked: boolean
  canEdit: boolean
}

export interface Image {
  url: string
  thumbnail: string
  width: number
  height: number
  alt: string
}

export interface Author {
  username: string
  displayName: string
}

export interface PostConnection {
  pageInfo: PageInfo
  edges: (PostEdge | null)[]
}

export interface PageInfo {
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
}

export interface PostEdge {
  node: Post | null
  cursor: string
}

export interface Mutation {
  createPost: CreatePost
  updatePost: UpdatePost
  deletePost: DeletePost
  likePost: LikePost
  unlikePost: UnlikePost
  togglePostLike: TogglePostLike
}

export interface CreatePost {
  errors: Refusal[]
  post: Post | null
}

export interface Refusal {
  code: RefusalCode
  message: string
  field: string | null
  retryAfter: number | null
}

export type RefusalCode = 'INVALID' | 'LOGIN_NEEDED' | 'FORBIDDEN' | 'NOT_FOUND' | 'TOO_MANY'

export interface UpdatePost {
  errors: Refusal[]
  post: Post | null
}

export interface DeletePost {
  errors: Refusal[]
  deletedId: string | null
}

export interface LikePost {
  errors: Refusal[]
  post: Post | null
}

export interface UnlikePost {
  errors: Refusal[]
  post: Post | null
}

export interface TogglePostLike {
  errors: Refusal[]
  post: Post | null
}
