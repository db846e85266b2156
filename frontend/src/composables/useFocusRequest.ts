import { shallowRef, watch, type Ref } from 'vue'

type Place = 'search' | 'composer' | 'reply'

/** What gets the focus as soon as it is rendered, set by a shortcut or by the navigation. */
export const focusRequest = shallowRef<Place | null>(null)

/** Give the focus to `element` when it is requested for this place, after the router has scrolled: the
 *  element may be below the fold. */
export function useFocusRequest(
  place: Place,
  element: Readonly<Ref<{ focus(): void } | null>>,
): void {
  watch(
    focusRequest,
    (wanted) => {
      if (wanted !== place) return
      focusRequest.value = null
      setTimeout(() => element.value?.focus())
    },
    { immediate: true },
  )
}
