import { nextTick, watch, type Ref } from 'vue'

/** Let the keys move between the entries of a menu, as screen readers tell people, from the first one on
 *  when it opens: https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/. Return the listener. */
export function useMenuKeys(open: Ref<boolean>, list: Readonly<Ref<HTMLElement | null>>) {
  const entries = () =>
    [...(list.value?.children ?? [])].map((item) => item.firstElementChild as HTMLElement)

  async function focus(at: number): Promise<void> {
    open.value = true
    await nextTick()
    const all = entries()
    all.at(at % all.length)?.focus()
  }
  watch(open, (now) => now && void focus(0), { flush: 'post' })

  return (event: KeyboardEvent): void => {
    const at = entries().indexOf(document.activeElement as HTMLElement)
    const targets: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? -1 : at - 1,
      Home: 0,
      End: -1,
    }
    if (event.key === 'Tab') open.value = false
    const target = targets[event.key]
    if (target === undefined) return
    event.preventDefault()
    void focus(target)
  }
}
