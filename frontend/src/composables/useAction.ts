import { computed, shallowRef } from 'vue'
import { asApiError, type ApiError } from '../api/errors'

/** One request that a form makes: whether it runs, and what the server had against it. */
export function useAction<A extends unknown[], R>(work: (...args: A) => Promise<R>) {
  const busy = shallowRef(false)
  const error = shallowRef<ApiError | null>(null)

  /** True when it went well. A second click while it runs does nothing. */
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
