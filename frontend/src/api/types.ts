/** The app's names for the types that `npm run types` generates: nothing else imports from `gen`. */
import type { CamelCased } from './camelCase'
import type {
  Ancestors as AncestorsNode,
  Error as ErrorType,
  Notification as NotificationNode,
  Post as PostNode,
  PostConnection,
  PostsArguments,
} from './gen/graphql'
import type {
  Ancestors as RestAncestors,
  Invitation as RestInvitation,
  Invitations as RestInvitations,
  Mutes as RestMutes,
  Notification as RestNotification,
  Person as RestPerson,
  Post as RestPost,
  PostPage as RestPostPage,
  OwnData as RestOwnData,
  OwnProfile as RestMe,
  Cleanups as RestDeletions,
  QueueItemPage as RestQueuePage,
  Waiting as RestWaiting,
  Session as RestSession,
  SessionPage as RestSessionPage,
  SiteSettings as RestSiteSettings,
  Unread as RestUnread,
  LikePage as RestLikePage,
  MemberPage as RestMemberPage,
} from './gen/rest'

export type { AncestorsNode, ErrorType, NotificationNode, PostConnection, PostNode }
export type {
  RestAncestors,
  RestDeletions,
  RestInvitation,
  RestInvitations,
  RestMe,
  RestMutes,
  RestNotification,
  RestOwnData,
  RestPerson,
  RestPost,
  RestPostPage,
  RestQueuePage,
  RestSession,
  RestSessionPage,
  RestSiteSettings,
  RestUnread,
  RestLikePage,
  RestMemberPage,
  RestWaiting,
}

export type Post = CamelCased<RestPost>
export type Image = NonNullable<Post['image']>
export type Segment = Post['segments'][number]
/** Of a reply to a post of the user, of a mention, or of the likes of a post. */
export type Notification = CamelCased<RestNotification>
export type Author = NonNullable<Post['createdBy']>
/** By what a list of posts is filtered. */
export type Filter = Omit<PostsArguments, 'first' | 'after' | 'last' | 'before'>
/** The user's own profile. */
export type Me = CamelCased<RestMe>
/** The public profile of a user. */
export type Person = CamelCased<RestPerson>
export type Session = CamelCased<RestSession>
/** What a moderator decides about. */
export type QueueItem = CamelCased<RestQueuePage>['results'][number]
export type SessionPage = CamelCased<RestSessionPage>
/** A user or a conversation that the user mutes. */
export type Mute = CamelCased<RestMutes>['results'][number]
export type Invitation = CamelCased<RestInvitation>
/** What administrators set for the site. */
export type SiteSettings = Required<CamelCased<RestSiteSettings>>
