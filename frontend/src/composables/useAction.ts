import { computed, shallowRef } from 'vue'
import { asApiError, type ApiError } from '../api/errors'

/** The request of a form: whether it is running, and its error. */
export function useAction<A extends unknown[], R>(work: (...args: A) => Promise<R>) {
  const busy = shallowRef(false)
  const error = shallowRef<ApiError | null>(null)

  /** Run it and return whether it succeeded. While it is running, a second call does nothing. */
  async function run(...args: A): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = null
    try {
      await work(...args)
      return true
    } catch (reason) {
      error.value = asApiError(reason)
      return false
    } finally {
      busy.value = false
    }
  }
  return { run, busy, error, fields: computed(() => error.value?.fields ?? {}) }
}
