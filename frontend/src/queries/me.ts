import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { getMe } from '../api/me'
import { signedIn } from '../session/session'
import { keys } from './keys'

/** The person's own profile: a request of its own, never read from the token. */
export function useMe() {
  const { data } = useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => getMe(signal),
    enabled: signedIn,
    staleTime: 5 * 60_000,
  })
  return { me: computed(() => (signedIn.value ? data.value : undefined)) }
}
