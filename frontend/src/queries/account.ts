import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import * as account from '../api/account'
import { cursorOf } from '../api/cursor'
import type { Me } from '../api/me'
import { endHere, signedIn } from '../session/session'
import { keys } from './keys'

export function useUpdateMe() {
  const client = useQueryClient()
  return async (change: Partial<Me>) => {
    const me = await account.updateMe(change)
    client.setQueryData(keys.me, me)
    // The name is on every post of theirs.
    await client.invalidateQueries({ queryKey: keys.all })
    await client.invalidateQueries({ queryKey: keys.user(me.username) })
    return me
  }
}

export const usePerson = (username: () => string) =>
  useQuery({
    queryKey: computed(() => keys.user(username())),
    queryFn: ({ signal }) => account.getPerson(username(), signal),
  })

export function useSessions() {
  const client = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: keys.sessions,
    queryFn: ({ pageParam, signal }) => account.listSessions(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => cursorOf(page.next),
    enabled: signedIn,
  })
  return {
    sessions: computed(() => query.data.value?.pages.flatMap((page) => page.results) ?? []),
    hasMore: query.hasNextPage,
    loadMore: () => query.fetchNextPage({ throwOnError: true }),
    async end(session: account.Session) {
      await account.endSession(session.id)
      if (session.current) endHere()
      else await client.invalidateQueries({ queryKey: keys.sessions })
    },
    async endAll() {
      await account.endAllSessions()
      endHere()
    },
  }
}

export function useDeleteMe() {
  return async (password: string, posts: 'keep' | 'delete') => {
    await account.deleteMe({ password, posts })
    endHere()
  }
}
