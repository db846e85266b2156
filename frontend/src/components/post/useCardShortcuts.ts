import { shallowRef, watch, type Ref } from 'vue'
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
 *  current one, which begins at `start`; -1 is before the first. */
export function useCardShortcuts(
  posts: () => readonly { id: number }[],
  cards: Readonly<Ref<readonly (Card | null)[] | null>>,
  start = -1,
) {
  const at = shallowRef(start)
  // Others come and go: the current one stays the current one.
  watch(posts, (now, before) => {
    const current = before[at.value]
    if (!current) return
    const place = now.findIndex(({ id }) => id === current.id)
    at.value = place < 0 ? at.value - 1 : place
  })
  // Vue does not guarantee the order of the refs of a v-for.
  const card = () => cards.value?.find((item) => item?.id() === posts()[at.value]?.id)
  function step(by: number): void {
    at.value = Math.min(Math.max(at.value + by, 0), posts().length - 1)
    card()?.focus()
  }
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
