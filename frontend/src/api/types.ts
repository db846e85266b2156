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
  Notification as RestNotification,
  Profile as RestPerson,
  Post as RestPost,
  PostPage as RestPostPage,
  OwnProfile as RestMe,
  Session as RestSession,
  SessionPage as RestSessionPage,
  Unread as RestUnread,
  Users as RestUsers,
} from './gen/rest'

export type { AncestorsNode, ErrorType, NotificationNode, PostConnection, PostNode }
export type {
  RestAncestors,
  RestMe,
  RestNotification,
  RestPerson,
  RestPost,
  RestPostPage,
  RestSession,
  RestSessionPage,
  RestUnread,
  RestUsers,
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
export type SessionPage = CamelCased<RestSessionPage>
