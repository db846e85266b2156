import { apiId } from '../api/current'

/** What a list is narrowed to. */
export interface Filter {
  q?: string
  by?: string
}

/** Every key names the door, so that a switch shows what that door says, not what another said. */
export const keys = {
  all: ['posts'] as const,
  feeds: () => ['posts', apiId.value, 'feed'] as const,
  feed: (filter: Filter) => ['posts', apiId.value, 'feed', filter] as const,
  fresh: (filter: Filter) => ['posts', apiId.value, 'fresh', filter] as const,
  post: (id: number) => ['posts', apiId.value, 'one', id] as const,
  me: ['me'] as const,
  user: (username: string) => ['user', username.toLowerCase()] as const,
  sessions: ['me', 'sessions'] as const,
}
