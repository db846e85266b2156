import { useListener } from './useListener'

/** Pixels of a movement that counts */
const STEP = 8
/** Pixels from the top within which the bars stay */
const TOP = 120

/** Mark the page while its reader scrolls down: then the bars make room, until they scroll up. */
export function useReadsOn(): void {
  let last = scrollY
  useListener(window, 'scroll', () => {
    if (Math.abs(scrollY - last) < STEP) return
    document.documentElement.classList.toggle('reads-on', scrollY > last && scrollY > TOP)
    last = scrollY
  })
}
