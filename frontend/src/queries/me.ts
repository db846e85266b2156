import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { getMe } from '../api/me'
import { loggedIn, mayBeLoggedIn } from '../session/session'
import { keys } from './keys'

/** The user's own profile, from a request: never read from the token. It is `waiting` until it is known
 *  or cannot be had. */
export function useMe() {
  const { data, isError } = useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => getMe(signal),
    enabled: loggedIn,
    staleTime: 5 * 60_000,
  })
  const me = computed(() => (loggedIn.value ? data.value : undefined))
  return { me, waiting: computed(() => mayBeLoggedIn.value && !me.value && !isError.value) }
}
