import { ref } from 'vue'
import { likeQueue, type Likes } from '../composables/likeQueue'
import { sendLike } from './send'

export function useQuickLike(address: string, csrfToken: string, before: Likes) {
  const shown = ref(before)
  const failed = ref(false)
  const toggle = likeQueue({
    show: (likes) => (shown.value = likes),
    send: (liked) => sendLike(address, csrfToken, liked),
    fail: () => (failed.value = true),
  })

  function click(): void {
    failed.value = false
    void toggle(shown.value)
  }
  return { shown, failed, click }
}
