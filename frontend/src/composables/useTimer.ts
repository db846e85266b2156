import { onScopeDispose } from 'vue'

/** Start a timer that ends when the component is unmounted; `start` restarts it. */
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
