import { onScopeDispose } from 'vue'

/** A timer that ends with the component; `start` begins anew. */
export function useTimer(work: () => void, milliseconds: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => clearTimeout(timer)
  function start(): void {
    stop()
    timer = setTimeout(work, milliseconds)
  }
  start()
  onScopeDispose(stop)
  return { start, stop }
}
