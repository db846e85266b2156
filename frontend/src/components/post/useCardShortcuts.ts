import type { Ref } from 'vue'
import { useCurrentCard } from '../../composables/useCurrentCard'
import { useShortcuts } from '../../composables/useShortcuts'
import { markNames, marks, type Mark } from '../../lib/marks'

/** What a PostCard exposes. */
interface Card {
  id(): number
  focus(): void
  toggle(mark: Mark): void
  open(): unknown
  reply(): unknown
}

/** Move between the cards of a list by `j` and `k`, and act on the current one. Return the place of the
 *  current one, as `useCurrentCard` does. */
export function useCardShortcuts(
  posts: () => readonly { id: number }[],
  cards: Readonly<Ref<readonly (Card | null)[] | null>>,
  start = -1,
) {
  const { at, card, step } = useCurrentCard(posts, cards, start)
  const markShortcuts = Object.fromEntries(
    markNames.map((mark) => [marks[mark].key ?? '', () => card()?.toggle(mark)]),
  )
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    o: () => void card()?.open(),
    r: () => void card()?.reply(),
    ...markShortcuts,
  })
  return at
}
