import type { Filter } from '../api/types'
import { apiId } from './currentApi'

/** Every key contains the API, so that after a switch the data of the other one is not shown. */
export const keys = {
  all: ['posts'] as const,
  /** All lists of posts: the timelines, and the parts of conversations. */
  lists: () => ['posts', apiId.value, 'list'] as const,
  timelines: () => [...keys.lists(), 'timeline'] as const,
  timeline: (filter: Filter) => [...keys.timelines(), filter, 'shown'] as const,
  newPosts: (filter: Filter) => [...keys.timelines(), filter, 'new'] as const,
  conversations: () => [...keys.lists(), 'conversation'] as const,
  ancestors: (id: number) => [...keys.conversations(), id, 'ancestors'] as const,
  replies: (id: number) => [...keys.conversations(), id, 'replies'] as const,
  /** The replies that were written here. */
  sentReplies: (id: number) => [...keys.conversations(), id, 'sent'] as const,
  posts: () => ['posts', apiId.value, 'one'] as const,
  post: (id: number) => [...keys.posts(), id] as const,
  notifications: () => ['notifications', apiId.value, 'list'] as const,
  unread: () => ['notifications', apiId.value, 'unread'] as const,
  me: ['me'] as const,
  user: (username: string) => ['user', username.toLowerCase()] as const,
  mutes: ['me', 'mutes'] as const,
  invitations: ['me', 'invitations'] as const,
  siteSettings: ['me', 'site'] as const,
  sessions: ['me', 'sessions'] as const,
}
