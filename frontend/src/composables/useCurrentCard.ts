import { nextTick, shallowRef, watch, type Ref } from 'vue'

/** What a card exposes, at least. */
interface Card {
  id(): unknown
  focus(): void
}

const hasFocus = () => document.activeElement !== document.body

/** Keep the current card of a list, by its place, which begins at `start`; -1 is before the first.
 *  Others come and go: the current one stays the current one. When it is gone, the focus that it had
 *  goes to the one that took its place, and the next step forward stays there. */
export function useCurrentCard<C extends Card>(
  items: () => readonly { id: unknown }[],
  cards: Readonly<Ref<readonly (C | null)[] | null>>,
  start = -1,
) {
  const at = shallowRef(start)
  let gone = false
  /** The place of the card that has the focus because another one is gone. */
  let ahead = -1

  // Vue does not guarantee the order of the refs of a v-for.
  const card = () => cards.value?.find((one) => one?.id() === items()[at.value]?.id)
  function move(by: number): void {
    gone = false
    at.value = Math.min(Math.max(at.value + by, 0), items().length - 1)
    card()?.focus()
  }
  function step(by: number): void {
    move(by > 0 && at.value === ahead ? 0 : by)
    ahead = -1
  }
  /** Give the focus to the current card, or to what took its place, if nothing else has it. Return
   *  whether something has it. */
  async function restoreFocus(): Promise<boolean> {
    await nextTick()
    if (hasFocus()) return true
    const follows = gone && items().length > at.value + 1
    move(follows ? 1 : 0)
    if (follows) ahead = at.value
    return hasFocus()
  }
  watch(items, (now, before) => {
    const current = before[at.value]
    if (!current) return
    const place = now.findIndex(({ id }) => id === current.id)
    ahead = -1
    if (place >= 0) return void (at.value = place)
    at.value--
    gone = true
    if (hasFocus()) void restoreFocus()
  })
  return { at, card, step, restoreFocus }
}
