const MILLISECONDS = 160

/** Let a copy of a card that is about to be removed shrink in its place, unless the user wants no motion. */
export function foldAway(card: HTMLElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  const copy = card.cloneNode(true) as HTMLElement
  copy.inert = true
  copy.style.overflow = 'clip'
  card.before(copy)
  copy.animate(
    [{ blockSize: `${card.offsetHeight}px` }, { blockSize: 0, paddingBlock: 0, opacity: 0 }],
    { duration: MILLISECONDS, easing: 'ease-out' },
  ).onfinish = () => copy.remove()
}
