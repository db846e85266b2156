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

/** Single keys, while the component lives: off in inputs, dialogs and the settings, and never with
 *  Ctrl, Alt or ⌘, which belong to the browser (WCAG 2.2, 2.1.4). */
export function useShortcuts(actions: Record<string, () => void>): void {
  useListener(window, 'keydown', (event) => {
    const action = Object.hasOwn(actions, event.key) && actions[event.key]
    if (!action || !shortcutsOn.value || event.defaultPrevented || busy(event.target)) return
    if (event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    action()
  })
}
