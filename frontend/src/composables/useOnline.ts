import { shallowRef } from 'vue'
import { useListener } from './useListener'

export function useOnline() {
  const online = shallowRef(navigator.onLine)
  useListener(window, ['online', 'offline'], () => (online.value = navigator.onLine))
  return online
}
