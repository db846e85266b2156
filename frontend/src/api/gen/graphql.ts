/** Made by `npm run types` from docs/schema.graphql. */

export interface Query {
  me: Me | null
  user: Person | null
  tokenFamilies: SessionConnection
  post: Post | null
  posts: PostConnection
}

export interface Me {
  username: string
  displayName: string
  bio: string
  dateJoined: string
  email: string
}

export interface Person {
  username: string
  displayName: string
  bio: string
  dateJoined: string
}

export interface SessionConnection {
  pageInfo: PageInfo
  edges: (SessionEdge | null)[]
}

export interface PageInfo {
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
}

export interface SessionEdge {
  node: Session | null
  cursor: string
}

export interface Session {
  id: string
  createdOn: string
  lastUsedOn: string
  userAgent: string
  current: boolean
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

export interface PostEdge {
  node: Post | null
  cursor: string
}

export interface Mutation {
  register: Register
  activate: Activate
  updateProfile: UpdateProfile
  changePassword: ChangePassword
  endSession: EndSession
  endAllSessions: EndAllSessions
  createPost: CreatePost
  updatePost: UpdatePost
  deletePost: DeletePost
  likePost: LikePost
  unlikePost: UnlikePost
  togglePostLike: TogglePostLike
}

export interface Register {
  errors: ErrorType[]
}

export interface ErrorType {
  code: ErrorCode
  message: string
  field: string | null
  retryAfter: number | null
}

export type ErrorCode =
  | 'INVALID'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'STORAGE_FULL'
  | 'STALE'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'UNAVAILABLE'

export interface Activate {
  errors: ErrorType[]
}

export interface UpdateProfile {
  errors: ErrorType[]
  me: Me | null
}

export interface ChangePassword {
  errors: ErrorType[]
  access: string | null
}

export interface EndSession {
  errors: ErrorType[]
  endedId: string | null
}

export interface EndAllSessions {
  errors: ErrorType[]
}

export interface CreatePost {
  errors: ErrorType[]
  post: Post | null
}

export interface UpdatePost {
  errors: ErrorType[]
  post: Post | null
}

export interface DeletePost {
  errors: ErrorType[]
  deletedId: string | null
  post: Post | null
}

export interface LikePost {
  errors: ErrorType[]
  post: Post | null
}

export interface UnlikePost {
  errors: ErrorType[]
  post: Post | null
}

export interface TogglePostLike {
  errors: ErrorType[]
  post: Post | null
}
