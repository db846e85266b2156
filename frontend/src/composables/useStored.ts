import { ref, watch, type Ref } from 'vue'

/** Return a ref that is stored in this browser; without storage it lasts as long as the page. */
export function useStored<T extends string>(name: string, otherwise: T): Ref<T> {
  const key = `ublog:${name}`
  let saved: string | null = null
  try {
    saved = localStorage.getItem(key)
  } catch {
    // Storage is disabled: start with the default.
  }
  const value = ref((saved ?? otherwise) as T) as Ref<T>
  watch(
    value,
    (now) => {
      try {
        if (now === otherwise) localStorage.removeItem(key)
        else localStorage.setItem(key, now)
      } catch {
        // Storage is full or disabled: the ref keeps the value.
      }
    },
    { flush: 'sync' },
  )
  return value
}
