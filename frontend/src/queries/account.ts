import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import * as account from '../api/account'
import { cursorOf } from '../api/cursor'
import type { Me, Session } from '../api/types'
import { endLocalSession, loggedIn } from '../session/session'
import { keys } from './keys'

/** Return a function that stores what others see of the user by a request. */
function useStoreMe<A>(request: (change: A) => Promise<Me>) {
  const client = useQueryClient()
  return async (change: A) => {
    const me = await request(change)
    client.setQueryData(keys.me, me)
    // The name and the picture are on every post of the user.
    await client.invalidateQueries({ queryKey: keys.all })
    await client.invalidateQueries({ queryKey: keys.user(me.username) })
    return me
  }
}

export const useUpdateMe = () => useStoreMe(account.updateMe)
export const useSetAvatar = () => useStoreMe(account.setAvatar)

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
    enabled: loggedIn,
  })
  return {
    sessions: computed(() => query.data.value?.pages.flatMap((page) => page.results) ?? []),
    hasMore: query.hasNextPage,
    loadMore: () => query.fetchNextPage({ throwOnError: true }),
    async end(session: Session) {
      await account.endSession(session.id)
      if (session.current) endLocalSession()
      else await client.invalidateQueries({ queryKey: keys.sessions })
    },
    async endAll() {
      await account.endAllSessions()
      endLocalSession()
    },
  }
}

export function useDeleteMe() {
  return async (password: string, posts: 'keep' | 'delete') => {
    await account.deleteMe({ password, posts })
    endLocalSession()
  }
}
