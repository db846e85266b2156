import { onScopeDispose, shallowRef } from 'vue'

/** Whether the tab is in view. */
export function useVisible() {
  const now = () => document.visibilityState === 'visible'
  const visible = shallowRef(now())
  const update = () => (visible.value = now())
  document.addEventListener('visibilitychange', update)
  onScopeDispose(() => document.removeEventListener('visibilitychange', update))
  return visible
}
