/** Made by `npm run types` from docs/schema.graphql. */

export interface Query {
  node: Node | null
  ownData: OwnData
  siteSettings: SiteSettings
  invitations: Invitation[]
  allowedApplications: AllowedApplication[]
  personalTokens: PersonalToken[]
  members: MemberConnection
  me: Me | null
  user: User | null
  users: User[]
  sessions: SessionConnection
  mutes: Mute[]
  moderationQueue: QueueConnection
  moderationLog: LogConnection
  waitingCount: number
  largeDeletions: LargeDeletion[]
  blocks: Block[]
  notifications: NotificationConnection
  unreadNotificationCount: number
  likedBy: LikeConnection
  ancestors: Ancestors
  replies: PostConnection
  posts: PostConnection
  post: Post | null
}

export interface OwnData {
  imageBytes: number
  imageBytesLimit: number
  imageBytesToday: number
  imageBytesTodayLimit: number
  archive: Archive | null
}

export interface Archive {
  createdOn: string
  expiresOn: string | null
  size: number
}

export interface SiteSettings {
  name: string
  welcome: string
  rules: string
  whoMayJoin: string
  whoMayInvite: string
  allowedDomains: string
  whoMayRead: string
  anonymousPosts: string
  firstPosts: string
  overruled: OverruledSetting[]
}

export interface OverruledSetting {
  field: string
  variable: string
}

export interface Invitation {
  id: string
  url: string
  email: string
  createdBy: string | null
  createdOn: string
  expiresOn: string
  uses: number
  used: number
}

export interface AllowedApplication {
  id: string
  name: string
  scopes: string[]
  createdOn: string
  lastUsedOn: string | null
}

export interface PersonalToken {
  id: string
  name: string
  scopes: string[]
  createdOn: string
  expiresOn: string
  lastUsedOn: string | null
}

export interface MemberConnection {
  pageInfo: PageInfo
  edges: (MemberEdge | null)[]
}

export interface PageInfo {
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
}

export interface MemberEdge {
  node: User | null
  cursor: string
}

export interface User {
  id: string
  username: string
  displayName: string
  avatar: Rendition[] | null
  bio: string
  bioSegments: Segment[]
  dateJoined: string
  postCount: number | null
  receivedLikeCount: number | null
}

export interface Rendition {
  url: string
  width: number
  height: number
}

export interface Segment {
  type: SegmentKind
  text: string
  username: string | null
  tag: string | null
  url: string | null
}

export type SegmentKind = 'text' | 'mention' | 'tag' | 'link'

export interface Me {
  username: string
  displayName: string
  avatar: Rendition[] | null
  bio: string
  bioSegments: Segment[]
  dateJoined: string
  userId: string
  email: string
  emailNotifications: string
  timeZone: string
  role: string
}

export interface SessionConnection {
  pageInfo: PageInfo
  edges: (SessionEdge | null)[]
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

export interface Mute {
  createdOn: string
  user: Author | null
  conversation: number | null
  text: string
}

export interface Author {
  userId: string
  username: string
  displayName: string
  avatar: Rendition[] | null
}

export interface QueueConnection {
  pageInfo: PageInfo
  edges: (QueueEdge | null)[]
}

export interface QueueEdge {
  node: QueueItem | null
  cursor: string
}

export interface QueueItem {
  id: string
  kind: QueueKind
  createdOn: string
  post: Post | null
  user: Suspect | null
  reportCount: number
  reports: Report[]
  hasNetwork: boolean
  application: Application | null
  canDismiss: boolean
  canSuspend: boolean
}

export type QueueKind = 'post' | 'user' | 'held' | 'application'

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
  color: string | null
  renditions: Rendition[]
}

export interface Suspect {
  userId: string
  username: string
  displayName: string
  avatar: Rendition[] | null
  suspendedUntil: string | null
}

export interface Report {
  id: string
  by: Author | null
  reason: string
  createdOn: string
}

export interface Application {
  id: string
  email: string
  reason: string
}

export interface LogConnection {
  pageInfo: PageInfo
  edges: (LogEdge | null)[]
}

export interface LogEdge {
  node: LogEntry | null
  cursor: string
}

export interface LogEntry {
  id: string
  createdOn: string
  by: string
  action: LogAction
  target: string
  reason: string
}

export type LogAction =
  | 'hide'
  | 'unhide'
  | 'approve'
  | 'reject'
  | 'delete'
  | 'edit'
  | 'dismiss'
  | 'suspend'
  | 'lift'
  | 'end_sessions'
  | 'delete_all'
  | 'block'
  | 'allow'

export interface LargeDeletion {
  id: string
  label: string
  total: number
  done: number
  createdOn: string
  finishedOn: string | null
}

export interface Block {
  id: string
  kind: string
  label: string
  createdOn: string
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
  post: Post | null
}

export type NotificationKind = 'reply' | 'mention' | 'like' | 'report' | 'held' | 'application'

export interface LikeConnection {
  pageInfo: PageInfo
  edges: (LikeEdge | null)[]
}

export interface LikeEdge {
  node: Like | null
  cursor: string
}

export interface Like {
  user: Author
  likedOn: string
}

export interface Ancestors {
  results: Post[]
  top: string | null
}

export interface PostConnection {
  pageInfo: PageInfo
  edges: (PostEdge | null)[]
  searchedTo: string | null
}

export interface PostEdge {
  node: Post | null
  cursor: string
}

export interface Mutation {
  requestArchive: RequestArchive
  updateSiteSettings: UpdateSiteSettings
  createInvitation: CreateInvitation
  endInvitation: EndInvitation
  endAllowedApplication: EndAllowedApplication
  createPersonalToken: CreatePersonalToken
  endPersonalToken: EndPersonalToken
  setAvatar: SetAvatar
  removeAvatar: RemoveAvatar
  register: Register
  activate: Activate
  updateProfile: UpdateProfile
  changePassword: ChangePassword
  endSession: EndSession
  endAllSessions: EndAllSessions
  moderatePost: ModeratePost
  moderateUser: ModerateUser
  moderateApplication: ModerateApplication
  block: BlockSource
  unblock: Unblock
  reportPost: ReportPost
  reportUser: ReportUser
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

export interface RequestArchive {
  errors: Error[]
  archive: Archive | null
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

export interface UpdateSiteSettings {
  errors: Error[]
  siteSettings: SiteSettings | null
}

export interface CreateInvitation {
  errors: Error[]
  invitation: Invitation | null
}

export interface EndInvitation {
  errors: Error[]
  endedId: string | null
}

export interface EndAllowedApplication {
  errors: Error[]
  endedId: string | null
}

export interface CreatePersonalToken {
  errors: Error[]
  personalToken: PersonalToken | null
  token: string | null
}

export interface EndPersonalToken {
  errors: Error[]
  endedId: string | null
}

export interface SetAvatar {
  errors: Error[]
  me: Me | null
}

export interface RemoveAvatar {
  errors: Error[]
  me: Me | null
}

export interface Register {
  errors: Error[]
  activation: string | null
}

export interface Activate {
  errors: Error[]
  waits: boolean | null
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

export interface ModeratePost {
  errors: Error[]
  done: boolean | null
}

export type PostAction =
  | 'hide'
  | 'unhide'
  | 'approve'
  | 'delete'
  | 'dismiss'
  | 'delete_network'
  | 'delete_and_block_network'
  | 'block_network'

export interface ModerateUser {
  errors: Error[]
  done: boolean | null
}

export type UserAction =
  'suspend' | 'lift' | 'end_sessions' | 'dismiss' | 'delete_posts' | 'delete_posts_and_suspend'

export interface ModerateApplication {
  errors: Error[]
  done: boolean | null
}

export type ApplicationAction = 'approve' | 'reject'

export interface BlockSource {
  errors: Error[]
  done: boolean | null
}

export interface Unblock {
  errors: Error[]
  done: boolean | null
}

export interface ReportPost {
  errors: Error[]
  post: Post | null
}

export interface ReportUser {
  errors: Error[]
  user: User | null
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
  unpublished?: boolean | null
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
}
