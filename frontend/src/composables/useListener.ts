import { onScopeDispose } from 'vue'

/** Listen to events until the component is unmounted. */
export function useListener<K extends keyof WindowEventMap>(
  target: EventTarget | null,
  names: K | readonly K[],
  listen: (event: WindowEventMap[K]) => void,
): void {
  for (const name of [names].flat() as K[]) {
    target?.addEventListener(name, listen as EventListener)
    onScopeDispose(() => target?.removeEventListener(name, listen as EventListener))
  }
}
