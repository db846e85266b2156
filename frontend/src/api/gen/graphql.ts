/** Made by `npm run types` from docs/schema.graphql. */

export interface Query {
  node: Node | null
  me: Me | null
  user: User | null
  users: User[]
  sessions: SessionConnection
  notifications: NotificationConnection
  unreadNotificationCount: number
  ancestors: Ancestors
  replies: PostConnection
  posts: PostConnection
  post: Post | null
}

export interface Me {
  username: string
  displayName: string
  bio: string
  bioSegments: Segment[]
  dateJoined: string
  userId: string
  email: string
  emailNotifications: string
  timeZone: string
}

export interface Segment {
  type: SegmentKind
  text: string
  username: string | null
  tag: string | null
  url: string | null
}

export type SegmentKind = 'text' | 'mention' | 'tag' | 'link'

export interface User {
  id: string
  username: string
  displayName: string
  bio: string
  bioSegments: Segment[]
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

export interface NotificationConnection {
  pageInfo: PageInfo
  edges: (NotificationEdge | null)[]
}

export interface NotificationEdge {
  node: Notification | null
  cursor: string
}

export interface Notification {
  id: string
  kind: NotificationKind
  createdOn: string
  unread: boolean
  actor: Author | null
  otherCount: number
  post: Post
}

export type NotificationKind = 'reply' | 'mention' | 'like'

export interface Author {
  userId: string
  username: string
  displayName: string
}

export interface Post {
  id: string
  body: string
  language: string | null
  segments: Segment[]
  image: Image | null
  createdBy: Author | null
  createdOn: string
  modifiedOn: string
  edited: boolean
  inReplyTo: string | null
  replyCount: number
  deleted: boolean
  held: boolean
  hidden: boolean
  likeCount: number
  liked: boolean
  bookmarked: boolean
  canEdit: boolean
  muted: boolean
  canDelete: boolean
}

export interface Image {
  url: string
  width: number
  height: number
  alt: string
  renditions: Rendition[]
}

export interface Rendition {
  url: string
  width: number
  height: number
}

export interface Ancestors {
  results: Post[]
  top: string | null
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
  mutePost: MutePost
  unmutePost: UnmutePost
  togglePostMute: TogglePostMute
  muteUser: MuteUser
  unmuteUser: UnmuteUser
  toggleUserMute: ToggleUserMute
  markNotificationsRead: MarkNotificationsRead
  createPost: CreatePost
  updatePost: UpdatePost
  deletePost: DeletePost
  likePost: LikePost
  unlikePost: UnlikePost
  togglePostLike: TogglePostLike
  bookmarkPost: BookmarkPost
  unbookmarkPost: UnbookmarkPost
  togglePostBookmark: TogglePostBookmark
}

export interface Register {
  errors: Error[]
  activation: string | null
}

export interface Error {
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
  | 'GONE'
  | 'RATE_LIMITED'
  | 'STORAGE_FULL'
  | 'STALE'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'UNAVAILABLE'

export interface Activate {
  errors: Error[]
}

export interface UpdateProfile {
  errors: Error[]
  me: Me | null
}

export interface ChangePassword {
  errors: Error[]
  access: string | null
}

export interface EndSession {
  errors: Error[]
  endedId: string | null
}

export interface EndAllSessions {
  errors: Error[]
}

export interface MutePost {
  errors: Error[]
  post: Post | null
}

export interface UnmutePost {
  errors: Error[]
  post: Post | null
}

export interface TogglePostMute {
  errors: Error[]
  post: Post | null
}

export interface MuteUser {
  errors: Error[]
  muted: boolean | null
}

export interface UnmuteUser {
  errors: Error[]
  muted: boolean | null
}

export interface ToggleUserMute {
  errors: Error[]
  muted: boolean | null
}

export interface MarkNotificationsRead {
  errors: Error[]
  unreadNotificationCount: number | null
}

export interface CreatePost {
  errors: Error[]
  post: Post | null
}

export interface UpdatePost {
  errors: Error[]
  post: Post | null
}

export interface DeletePost {
  errors: Error[]
  deletedId: string | null
  post: Post | null
}

export interface LikePost {
  errors: Error[]
  post: Post | null
}

export interface UnlikePost {
  errors: Error[]
  post: Post | null
}

export interface TogglePostLike {
  errors: Error[]
  post: Post | null
}

export interface BookmarkPost {
  errors: Error[]
  post: Post | null
}

export interface UnbookmarkPost {
  errors: Error[]
  post: Post | null
}

export interface TogglePostBookmark {
  errors: Error[]
  post: Post | null
}

export interface PostsArguments {
  q?: string | null
  author?: string | null
  tag?: string | null
  bookmarked?: boolean | null
  replies?: boolean | null
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
}
