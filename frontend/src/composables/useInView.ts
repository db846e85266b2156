import { onScopeDispose, watch, type Ref } from 'vue'

/** Runs when the element comes within a screen's length of being seen. */
export function useInView(element: Readonly<Ref<Element | null>>, work: () => void): void {
  const observer = new IntersectionObserver(
    // What was seen of an element that has gone meanwhile says nothing.
    (entries) =>
      entries.some((entry) => entry.isIntersecting && entry.target === element.value) && work(),
    { rootMargin: '800px' },
  )
  watch(element, (now) => now && observer.observe(now), { flush: 'post' })
  onScopeDispose(() => observer.disconnect())
}
