import { shallowRef, watch, type ShallowRef } from 'vue'

/** Return how many of `total` items to render: those of the start at once, later ones a few at a time,
 *  so that a slow phone reacts to input in between. */
export function useIncrementalRender(total: () => number, step = 4): ShallowRef<number> {
  const count = shallowRef(total() || step)
  watch(
    [count, total],
    ([rendered, all], _, onCleanup) => {
      if (rendered >= all) return
      const timer = setTimeout(() => (count.value += step))
      onCleanup(() => clearTimeout(timer))
    },
    { immediate: true, flush: 'post' },
  )
  return count
}
