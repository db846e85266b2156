import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { getMe } from '../api/me'
import { loggedIn } from '../session/session'
import { keys } from './keys'

/** The user's own profile, from a request: never read from the token. */
export function useMe() {
  const { data } = useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => getMe(signal),
    enabled: loggedIn,
    staleTime: 5 * 60_000,
  })
  return { me: computed(() => (loggedIn.value ? data.value : undefined)) }
}
