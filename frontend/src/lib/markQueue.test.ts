import { describe, expect, it } from 'vitest'
import { markQueue } from './markQueue'
import type { MarkState } from './marks'

/** A button on a page, and a server whose responses the test resolves. */
function button(before: MarkState) {
  const shown: string[] = []
  const failures: unknown[] = []
  const responses: { resolve: (state: MarkState) => void; reject: (reason: unknown) => void }[] = []
  let now = before
  const toggle = markQueue({
    show: (state) => {
      now = state
      shown.push(`${state.on ? '♥' : '♡'}${state.count ?? ''}`)
    },
    send: () => new Promise((resolve, reject) => responses.push({ resolve, reject })),
    fail: (reason) => failures.push(reason),
  })
  const tick = () => new Promise((done) => setTimeout(done))
  return { shown, failures, responses, tick, click: () => toggle(now) }
}

describe('a mark', () => {
  it('shows at once, and then what the server has stored', async () => {
    const { shown, responses, tick, click } = button({ on: false, count: 3 })
    void click()
    expect(shown).toEqual(['♥4'])
    await tick()
    responses[0]?.resolve({ on: true, count: 6 })
    await tick()
    expect(shown).toEqual(['♥4', '♥6'])
  })

  it('does not flicker when clicked twice', async () => {
    const { shown, responses, tick, click } = button({ on: false, count: 3 })
    void click()
    void click()
    await tick()
    responses[0]?.resolve({ on: true, count: 4 })
    await tick()
    responses[1]?.resolve({ on: false, count: 3 })
    await tick()
    expect(shown).toEqual(['♥4', '♡3', '♡3'])
  })

  it('goes back to what the server last said when it fails', async () => {
    const { shown, failures, responses, tick, click } = button({ on: false, count: 3 })
    void click()
    await tick()
    responses[0]?.reject('offline')
    await tick()
    expect(shown).toEqual(['♥4', '♡3'])
    expect(failures).toEqual(['offline'])
  })

  it('without a public count shows none', async () => {
    const { shown, responses, tick, click } = button({ on: false, count: null })
    void click()
    await tick()
    responses[0]?.resolve({ on: true, count: null })
    await tick()
    expect(shown).toEqual(['♥', '♥'])
  })
})
