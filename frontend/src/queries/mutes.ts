import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { mutePost, muteUser, listMutes } from '../api/mutes'
import { loggedIn } from '../session/session'
import { keys } from './keys'

/** What the user mutes, the newest first; requested when it is `wanted`. */
export const useMutes = (wanted: () => boolean = () => true) =>
  useQuery({
    queryKey: keys.mutes,
    queryFn: ({ signal }) => listMutes(signal),
    enabled: computed(() => loggedIn.value && wanted()),
    staleTime: 0,
  })

/** Return functions that mute a user, or the conversation of a post, or show them again. What is muted
 *  leaves the lists, and is folded in conversations: only the server knows where.
 *  @throws ApiError */
export function useMute() {
  const client = useQueryClient()
  const after =
    <T>(send: (what: T, on: boolean) => Promise<void>) =>
    async (what: T, on: boolean): Promise<void> => {
      await send(what, on)
      for (const queryKey of [keys.mutes, keys.all, keys.notifications(), keys.unread()])
        void client.invalidateQueries({ queryKey })
    }
  return { muteUser: after(muteUser), mutePost: after(mutePost) }
}
