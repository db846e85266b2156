import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { server } from '../../tests/msw'
import { lifetime } from './tokenClaims'

const tokenFor = (seconds: number, name = 'a') => {
  const iat = Math.floor(Date.now() / 1000)
  return `${name}.${btoa(JSON.stringify({ iat, exp: iat + seconds }))}.x`
}
const hint = (on: boolean) => {
  document.body.dataset.hint = 'logged_in'
  document.cookie = `logged_in=1; Path=/${on ? '' : '; Max-Age=0'}`
}

/** A tab: the module as a page that was just opened loads it. */
async function openTab() {
  vi.resetModules()
  return import('./session')
}

let refreshes = 0
function refreshResponses(...responses: (() => Response)[]) {
  refreshes = 0
  server.use(
    http.post('*/api/auth/token/refresh/', ({ request }) => {
      expect(request.headers.get('X-Ublog')).toBe('1')
      const response = responses[Math.min(refreshes++, responses.length - 1)]
      return response?.() ?? HttpResponse.error()
    }),
  )
}
const ok = (token: string) => () => HttpResponse.json({ access: token })
const status = (code: number) => () => new HttpResponse(null, { status: code })

describe('the session', () => {
  beforeEach(() => {
    hint(false)
    vi.useRealTimers()
  })

  it('sends no request for a visitor who has never logged in', async () => {
    refreshResponses(ok('x'))
    const tab = await openTab()
    expect(tab.restoring.value).toBe(false)
    expect(await tab.freshToken()).toBeNull()
    expect(refreshes).toBe(0)
  })

  it('reads the cookie that the server names, and no other', async () => {
    hint(true) // of another site, at another port of this host
    document.body.dataset.hint = 'ublog_8000_logged_in'
    expect((await openTab()).restoring.value).toBe(false)
    document.cookie = 'ublog_8000_logged_in=1; Path=/'
    expect((await openTab()).restoring.value).toBe(true)
    document.cookie = 'ublog_8000_logged_in=1; Path=/; Max-Age=0'
  })

  it('is restored from the cookie, with one request for several callers', async () => {
    hint(true)
    const token = tokenFor(300)
    refreshResponses(ok(token))
    const tab = await openTab()
    const tokens = await Promise.all([tab.freshToken(), tab.freshToken(), tab.renew()])
    expect(tokens).toEqual([token, token, token])
    expect(refreshes).toBe(1)
    expect(tab.loggedIn.value).toBe(true)
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain(token)
  })

  it('renews a token that is about to expire, and not before', async () => {
    const tab = await openTab()
    refreshResponses(ok('new'))
    tab.adoptToken(tokenFor(300))
    await tab.freshToken()
    expect(refreshes).toBe(0)
    tab.adoptToken(tokenFor(10))
    expect(await tab.freshToken()).toBe('new')
  })

  it('ends when the server rejects the cookie', async () => {
    const tab = await openTab()
    refreshResponses(status(401))
    tab.adoptToken(tokenFor(1))
    const before = tab.userChanges.value
    expect(await tab.freshToken()).toBeNull()
    expect(tab.loggedIn.value).toBe(false)
    expect(tab.userChanges.value).toBe(before + 1)
  })

  it('ends in every tab when the server rejects the cookie in one', async () => {
    const [one, two] = [await openTab(), await openTab()]
    one.adoptToken(tokenFor(10))
    await vi.waitFor(() => expect(two.loggedIn.value).toBe(true))
    refreshResponses(status(401))
    await two.freshToken()
    await vi.waitFor(() => expect(one.loggedIn.value).toBe(false))
    expect(refreshes).toBe(1)
  })

  it('goes on when the server cannot be reached, or fails', async () => {
    const tab = await openTab()
    tab.adoptToken(tokenFor(1))
    refreshResponses(() => HttpResponse.error())
    await expect(tab.freshToken()).rejects.toMatchObject({ kind: 'offline' })
    refreshResponses(status(503))
    await expect(tab.freshToken()).rejects.toMatchObject({ kind: 'server' })
    expect(tab.loggedIn.value).toBe(true)
  })

  it('tries once more after another tab has used the cookie', async () => {
    const tab = await openTab()
    tab.adoptToken(tokenFor(1))
    refreshResponses(status(409), ok('won'))
    expect(await tab.freshToken()).toBe('won')
    expect(refreshes).toBe(2)
  })

  it('is not revived by a renewal that was in flight at the logout', async () => {
    const tab = await openTab()
    tab.adoptToken(tokenFor(1))
    server.use(http.post('*/api/auth/token/logout/', () => new HttpResponse(null, { status: 204 })))
    refreshResponses(ok('late'))
    const renewal = tab.renew()
    tab.endLocalSession()
    expect(await renewal).toBeNull()
    expect(tab.accessToken.value).toBeNull()
  })

  it('logs in and out in every tab', async () => {
    const [one, two] = [await openTab(), await openTab()]
    const token = tokenFor(300)
    one.adoptToken(token)
    await vi.waitFor(() => expect(two.accessToken.value).toBe(token))
    server.use(http.post('*/api/auth/token/logout/', () => new HttpResponse(null, { status: 204 })))
    await two.logOut()
    await vi.waitFor(() => expect(one.loggedIn.value).toBe(false))
  })

  it('goes on when the logout fails', async () => {
    const tab = await openTab()
    tab.adoptToken(tokenFor(300))
    server.use(http.post('*/api/auth/token/logout/', () => HttpResponse.error()))
    await expect(tab.logOut()).rejects.toMatchObject({ kind: 'offline' })
    expect(tab.loggedIn.value).toBe(true)
  })

  it('follows a logout and a login on the Django pages', async () => {
    const tab = await openTab()
    tab.adoptToken(tokenFor(300))
    await tab.syncWithCookie()
    expect(tab.loggedIn.value).toBe(false)
    hint(true)
    refreshResponses(ok(tokenFor(300, 'pages')))
    await tab.syncWithCookie()
    expect(tab.loggedIn.value).toBe(true)
  })

  it('notices that the cookie has become another user’s', async () => {
    const tab = await openTab()
    const of = (user: number) => tokenFor(1).replace(/\..*\./, `.${payload(user)}.`)
    const payload = (user_id: number) => btoa(JSON.stringify({ iat: 0, exp: 1, user_id }))
    tab.adoptToken(of(7))
    expect([tab.userId.value, tab.sessionEnds.value]).toEqual(['7', 0])
    refreshResponses(ok(of(7)), ok(of(8)))
    await tab.renew()
    expect(tab.sessionEnds.value).toBe(0)
    const { userChanges } = tab
    const before = userChanges.value
    await tab.renew()
    expect([tab.userId.value, tab.sessionEnds.value, userChanges.value]).toEqual([
      '8',
      1,
      before + 1,
    ])
  })

  it('says the id of the user once it is known', async () => {
    hint(true)
    refreshResponses(status(401))
    const tab = await openTab()
    expect(tab.userId.value).toBeNull()
    await tab.freshToken()
    expect(tab.userId.value).toBe('')
  })

  it('reads only the lifetime and the user of a token', () => {
    expect(lifetime(tokenFor(300))).toBe(300)
    expect(lifetime('nonsense', 42)).toBe(42)
    expect(lifetime('a.e30.x', 42)).toBe(42)
  })
})
