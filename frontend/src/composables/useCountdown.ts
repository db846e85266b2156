import { shallowRef, watch, type ShallowRef } from 'vue'

/** Seconds until a limited action may be tried again, counting down to 0. */
export function useCountdown(from: () => number): ShallowRef<number> {
  const left = shallowRef(0)
  watch(from, (seconds) => (left.value = seconds), { immediate: true })
  watch(
    left,
    (seconds, _, onCleanup) => {
      if (!seconds) return
      const timer = setTimeout(() => left.value--, 1000)
      onCleanup(() => clearTimeout(timer))
    },
    { immediate: true },
  )
  return left
}
