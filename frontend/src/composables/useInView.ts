import { onScopeDispose, watch, type Ref } from 'vue'

/** Run `work` when the element comes within 800 px of the viewport. */
export function useInView(element: Readonly<Ref<Element | null>>, work: () => void): void {
  const observer = new IntersectionObserver(
    // Ignore what was observed of an element that has been replaced since.
    (entries) =>
      entries.some((entry) => entry.isIntersecting && entry.target === element.value) && work(),
    { rootMargin: '800px' },
  )
  watch(element, (now) => now && observer.observe(now), { flush: 'post' })
  onScopeDispose(() => observer.disconnect())
}
