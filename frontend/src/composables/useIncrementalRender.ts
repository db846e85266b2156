import { shallowRef, watch, type ShallowRef } from 'vue'

/** How many of `total` things to lay out by now: what is there from the start at once, what comes
 *  later a few at a time, so that a slow phone answers a touch in between. */
export function useIncrementalRender(total: () => number, step = 4): ShallowRef<number> {
  const count = shallowRef(total() || step)
  watch(
    [count, total],
    ([laidOut, all], _, onCleanup) => {
      if (laidOut >= all) return
      const timer = setTimeout(() => (count.value += step))
      onCleanup(() => clearTimeout(timer))
    },
    { immediate: true, flush: 'post' },
  )
  return count
}
