import { computed } from 'vue'
import { t } from '../i18n/t'
import { useMute, useMutes } from './mutes'
import { showError, showToast } from '../composables/useToasts'

/** Return whether the viewer mutes a user, when it is `wanted`, and functions that change that or mute a
 *  conversation, and say so. `mutes` is undefined until they are known. */
export function useMuteActions(username: () => string | undefined, wanted?: () => boolean) {
  const { data: mutes } = useMutes(wanted)
  const { muteUser, mutePost } = useMute()
  const userMuted = computed(
    () => mutes.value?.some(({ user }) => user?.username === username()) ?? false,
  )

  async function run(work: Promise<void>, done: string): Promise<void> {
    try {
      await work
      showToast(done)
    } catch (reason) {
      showError(reason)
    }
  }
  function toggleUser(): void {
    const name = username() ?? ''
    const on = !userMuted.value
    void run(muteUser(name, on), t(on ? 'mute.doneUser' : 'mute.undoneUser', { name }))
  }
  function muteConversation(id: number, on: boolean): void {
    void run(mutePost(id, on), t(on ? 'mute.done' : 'mute.undone'))
  }
  return { mutes, userMuted, toggleUser, muteConversation }
}
