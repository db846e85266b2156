import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'

const open: EffectScope[] = []

/** A composer in a tab of its own: the module as a page that was just opened loads it. */
async function tab(user: string | null = '7', name = 'new') {
  vi.resetModules()
  return { ...(await composer(user, name)) }
}

async function composer(user: string | null, name = 'new') {
  const { useDraft } = await import('../composables/useDraft')
  const owner = ref(user)
  const scope = effectScope()
  open.push(scope)
  const draft = ref('')
  const restored = scope.run(() => useDraft(name, () => owner.value, draft).restored)
  if (!restored) throw new Error('No scope')
  return { draft, restored, owner, close: () => scope.stop() }
}

/** The tab is gone, whether it was closed or has crashed; so is what it alone remembered. */
function crash(one: { close: () => void }): void {
  one.close()
  sessionStorage.clear()
}

/** Web Locks as browsers have them on https, where jsdom has none. */
function locks() {
  const names = new Set<string>()
  return {
    query: () => Promise.resolve({ held: [...names].map((name) => ({ name })) }),
    async request(name: string, work: () => Promise<void> | undefined) {
      names.add(name)
      await work()
      names.delete(name)
    },
  }
}

const settled = () => new Promise((done) => setTimeout(done, 400))

describe.each(['with Web Locks', 'on plain http, where there are none'])('a draft %s', (how) => {
  beforeEach(() => {
    localStorage.clear()
    sessionStorage.clear()
    vi.stubGlobal('navigator', {
      ...navigator,
      locks: how === 'with Web Locks' ? locks() : undefined,
    })
  })
  afterEach(() => {
    while (open.length) open.pop()?.stop()
    vi.unstubAllGlobals()
  })

  it('comes back when the tab has gone', async () => {
    const first = await tab()
    first.draft.value = 'Half a thought'
    crash(first)
    const next = await tab()
    await vi.waitFor(() => expect(next.draft.value).toBe('Half a thought'))
    expect(next.restored.value).toBe(true)
  })

  it('is not taken from an open tab', async () => {
    const first = await tab()
    first.draft.value = 'One'
    const second = await tab()
    await settled()
    expect(second.draft.value).toBe('')
    second.draft.value = 'Two'
    first.draft.value = 'One and a half'
    crash(second)
    const third = await tab()
    await vi.waitFor(() => expect(third.draft.value).toBe('Two'))
    expect(first.draft.value).toBe('One and a half')
  })

  it('is the newest that no tab holds, and the others wait', async () => {
    const tabs = [await tab(), await tab(), await tab()]
    const clock = vi.spyOn(Date, 'now')
    for (const [at, one] of tabs.entries()) {
      clock.mockReturnValue(1000 * (at + 1))
      one.draft.value = `Draft ${at}`
    }
    clock.mockRestore()
    tabs.slice(0, 2).forEach(crash)
    const texts = []
    for (let n = 0; n < 3; n++) {
      const next = await tab()
      await settled()
      texts.push(next.draft.value)
    }
    expect(texts).toEqual(['Draft 1', 'Draft 0', ''])
  })

  it('is that of the tab after a reload, although there is a newer one', async () => {
    const mine = await tab()
    mine.draft.value = 'Mine'
    const key = sessionStorage.getItem('ublog:draft:new') ?? ''
    const other = await tab()
    other.draft.value = 'Of a tab that crashed'
    crash(other)
    mine.close()
    sessionStorage.setItem('ublog:draft:new', key)
    const reloaded = await tab()
    await vi.waitFor(() => expect(reloaded.draft.value).toBe('Mine'))
  })

  it.each(['', '8'])('of a user is not shown to the next, who is %j', async (next) => {
    const first = await tab('7')
    first.draft.value = 'Secret'
    first.owner.value = next
    await settled()
    expect([first.draft.value, first.restored.value]).toEqual(['', false])
    first.draft.value = 'Of the next'
    first.owner.value = '7'
    await vi.waitFor(() => expect(first.draft.value).toMatch(next ? 'Secret' : 'Of the next'))
    expect((await tab(next)).draft.value).toBe('')
  })

  it('of an anonymous visitor becomes that of the user who logs in, in this tab only', async () => {
    const here = await tab('')
    here.draft.value = 'Typed before'
    here.close()
    const back = await tab('7')
    await vi.waitFor(() => expect(back.draft.value).toBe('Typed before'))
    crash(back)
    expect(Object.keys(localStorage).filter((key) => key.startsWith('ublog:draft::'))).toEqual([])
    const elsewhere = await tab('')
    elsewhere.draft.value = 'By nobody'
    crash(elsewhere)
    const other = await tab('8')
    await settled()
    expect(other.draft.value).toBe('')
  })

  it('goes with the user who logs in beside it', async () => {
    const here = await tab('')
    here.draft.value = 'Typed before'
    here.owner.value = '7'
    await nextTick()
    expect(here.draft.value).toBe('Typed before')
    crash(here)
    const again = await tab('7')
    await vi.waitFor(() => expect(again.draft.value).toBe('Typed before'))
  })

  it('does not replace what the user has typed since, and waits', async () => {
    const first = await tab()
    first.draft.value = 'Before'
    crash(first)
    const fast = await tab()
    fast.draft.value = 'Typed fast'
    await settled()
    expect(fast.draft.value).toBe('Typed fast')
    const next = await tab()
    await vi.waitFor(() => expect(next.draft.value).toBe('Before'))
  })

  it('waits until the user is known', async () => {
    const first = await tab('7')
    first.draft.value = 'Half a thought'
    crash(first)
    const unknown = await tab(null)
    await settled()
    expect(unknown.draft.value).toBe('')
    unknown.owner.value = '7'
    await vi.waitFor(() => expect(unknown.draft.value).toBe('Half a thought'))
  })

  it('leaves nothing behind when it is empty', async () => {
    const one = await tab()
    one.draft.value = 'Half a thought'
    one.draft.value = ''
    expect(Object.keys(localStorage)).toEqual([])
  })
})
