import { ref, watch, type Ref } from 'vue'

/** A preference or a draft in this browser; it lasts for the page where storage is switched off. */
export function useStored<T extends string>(name: string, otherwise: T): Ref<T> {
  const key = `ublog:${name}`
  let saved: string | null = null
  try {
    saved = localStorage.getItem(key)
  } catch {
    // Nothing was saved, then.
  }
  const value = ref((saved ?? otherwise) as T) as Ref<T>
  watch(
    value,
    (now) => {
      try {
        if (now === otherwise) localStorage.removeItem(key)
        else localStorage.setItem(key, now)
      } catch {
        // Full or forbidden: the page itself still has it.
      }
    },
    { flush: 'sync' },
  )
  return value
}
