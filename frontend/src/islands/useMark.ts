import { ref } from 'vue'
import { markQueue } from '../lib/markQueue'
import type { Mark, MarkState } from '../lib/marks'
import { sendMark } from './sendMark'

export function useMark(mark: Mark, url: string, csrfToken: string, initial: MarkState) {
  const state = ref(initial)
  const failed = ref(false)
  const toggle = markQueue({
    show: (next) => (state.value = next),
    send: (on) => sendMark(mark, url, csrfToken, on),
    fail: () => (failed.value = true),
  })

  function click(): void {
    failed.value = false
    void toggle(state.value)
  }
  return { state, failed, click }
}
