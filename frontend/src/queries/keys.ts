import type { Filter } from '../api/types'
import { apiId } from './currentApi'

/** Every key contains the API, so that after a switch the data of the other one is not shown. */
export const keys = {
  all: ['posts'] as const,
  lists: () => ['posts', apiId.value, 'list'] as const,
  timeline: (filter: Filter) => [...keys.lists(), filter, 'timeline'] as const,
  newPosts: (filter: Filter) => [...keys.lists(), filter, 'new'] as const,
  post: (id: number) => ['posts', apiId.value, 'one', id] as const,
  me: ['me'] as const,
  user: (username: string) => ['user', username.toLowerCase()] as const,
  sessions: ['me', 'sessions'] as const,
}
