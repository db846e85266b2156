/** The app's names for the types that `npm run types` generates: nothing else imports from `gen`. */
import type { CamelCased } from './camelCase'
import type {
  Ancestors as AncestorsNode,
  Error as ErrorType,
  Post as PostNode,
  PostConnection,
  PostsArguments,
} from './gen/graphql'
import type {
  Ancestors as RestAncestors,
  Profile as RestPerson,
  Post as RestPost,
  PostPage as RestPostPage,
  OwnProfile as RestMe,
  Session as RestSession,
  SessionPage as RestSessionPage,
  Users as RestUsers,
} from './gen/rest'

export type { AncestorsNode, ErrorType, PostConnection, PostNode }
export type {
  RestAncestors,
  RestMe,
  RestPerson,
  RestPost,
  RestPostPage,
  RestSession,
  RestSessionPage,
  RestUsers,
}

export type Post = CamelCased<RestPost>
export type Image = NonNullable<Post['image']>
export type Segment = Post['segments'][number]
export type Author = NonNullable<Post['createdBy']>
/** By what a list of posts is filtered. */
export type Filter = Omit<PostsArguments, 'first' | 'after' | 'last' | 'before'>
/** The user's own profile. */
export type Me = CamelCased<RestMe>
/** The public profile of a user. */
export type Person = CamelCased<RestPerson>
export type Session = CamelCased<RestSession>
export type SessionPage = CamelCased<RestSessionPage>
