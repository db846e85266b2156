/** Made by `npm run types` from docs/schema.graphql. */

export interface Query {
  me: Me | null
  user: Person | null
  sessions: SessionConnection
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
  errors: Refusal[]
}

export interface Refusal {
  code: RefusalCode
  message: string
  field: string | null
  retryAfter: number | null
}

export type RefusalCode =
  | 'INVALID'
  | 'LOGIN_NEEDED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'TOO_MANY'
  | 'STORAGE_FULL'
  | 'STALE'
  | 'KEY_REUSED'
  | 'UNAVAILABLE'

export interface Activate {
  errors: Refusal[]
}

export interface UpdateProfile {
  errors: Refusal[]
  me: Me | null
}

export interface ChangePassword {
  errors: Refusal[]
  access: string | null
}

export interface EndSession {
  errors: Refusal[]
  endedId: string | null
}

export interface EndAllSessions {
  errors: Refusal[]
}

export interface CreatePost {
  errors: Refusal[]
  post: Post | null
}

export interface UpdatePost {
  errors: Refusal[]
  post: Post | null
}

export interface DeletePost {
  errors: Refusal[]
  deletedId: string | null
  post: Post | null
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
