import type { MarkState } from './marks'

interface Options {
  show(state: MarkState): void
  /** Resolve with the state that the server has stored. */
  send(on: boolean): Promise<MarkState>
  fail(reason: unknown): void
}

/**
 * Return a function that toggles a mark: it shows the new state at once and sends it to the server.
 *
 * Requests go one after the other, and only the response to the last one is shown: two quick clicks
 * would otherwise show 4, 3, 4, 3. After an error the last state that the server confirmed is shown.
 */
export function markQueue({ show, send, fail }: Options) {
  let waiting = 0
  let queue = Promise.resolve()
  let confirmed: MarkState

  async function settle(on: boolean): Promise<void> {
    try {
      confirmed = await send(on)
    } catch (reason) {
      fail(reason)
    }
    if (--waiting === 0) show(confirmed)
  }

  return function toggle(current: MarkState): Promise<void> {
    if (waiting++ === 0) confirmed = current
    const on = !current.on
    show({ on, count: current.count === null ? null : current.count + (on ? 1 : -1) })
    return (queue = queue.then(() => settle(on)))
  }
}
