import { computed } from 'vue'
import { useListener } from './useListener'
import { useStored } from './useStored'

const stored = useStored<'on' | 'off'>('shortcuts', 'on')
export const shortcutsOn = computed({
  get: () => stored.value === 'on',
  set: (on) => (stored.value = on ? 'on' : 'off'),
})

const busy = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, dialog') !== null)

/** Bind single keys until the component is unmounted. They are off in inputs and dialogs and can be
 *  turned off in the settings (WCAG 2.2, 2.1.4); Ctrl, Alt and ⌘ are for the browser. */
export function useShortcuts(actions: Record<string, () => unknown>): void {
  useListener(window, 'keydown', (event) => {
    const action = Object.hasOwn(actions, event.key) && actions[event.key]
    if (!action || !shortcutsOn.value || event.defaultPrevented || busy(event.target)) return
    if (event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    action()
  })
}
