import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { loggedIn } from '../session/session'
import { blogApi } from './currentApi'
import { INTERVAL, INTERVAL_HIDDEN } from './interval'
import { keys } from './keys'

/** The server counts no more. */
const MAX_UNREAD = 100

/** How many notifications are unread, as a number and as a text: "3", "99+", and "" for none. One
 *  component polls it. */
export function useUnread(poll = false) {
  const { data } = useQuery({
    queryKey: computed(() => keys.unread()),
    queryFn: async ({ signal }) => (await blogApi()).countUnread(signal),
    enabled: loggedIn,
    refetchInterval: poll && (() => (document.hidden ? INTERVAL_HIDDEN : INTERVAL)),
    // The title says the count, also of a tab in the background.
    refetchIntervalInBackground: true,
  })
  const unread = computed(() => (loggedIn.value ? data.value : undefined))
  const unreadText = computed(() => {
    if (!unread.value) return ''
    return unread.value < MAX_UNREAD ? String(unread.value) : `${MAX_UNREAD - 1}+`
  })
  return { unread, unreadText }
}
