import { apiId } from './currentApi'

/** What a list is narrowed to. */
export interface Filter {
  q?: string
  author?: string
}

/** Every key names the door, so that a switch shows what that door says, not what another said. */
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
