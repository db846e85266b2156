import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { server } from '../../tests/msw'
import { lifetime } from './lifetime'

const tokenFor = (seconds: number, name = 'a') => {
  const iat = Math.floor(Date.now() / 1000)
  return `${name}.${btoa(JSON.stringify({ iat, exp: iat + seconds }))}.x`
}
const hint = (on: boolean) => {
  document.cookie = `signed_in=1; Path=/${on ? '' : '; Max-Age=0'}`
}

/** A tab: the module as a page that was just opened loads it. */
async function openTab() {
  vi.resetModules()
  return import('./session')
}

let refreshes = 0
function refreshAnswers(...answers: (() => Response)[]) {
  refreshes = 0
  server.use(
    http.post('*/api/auth/token/refresh/', ({ request }) => {
      expect(request.headers.get('X-Ublog')).toBe('1')
      const answer = answers[Math.min(refreshes++, answers.length - 1)]
      return answer?.() ?? HttpResponse.error()
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

  it('asks nothing for a visitor who never signed in', async () => {
    refreshAnswers(ok('x'))
    const tab = await openTab()
    expect(tab.restoring.value).toBe(false)
    expect(await tab.freshToken()).toBeNull()
    expect(refreshes).toBe(0)
  })

  it('looks for the cookie whose name the server says, and for no other', async () => {
    const app = Object.assign(document.createElement('div'), { id: 'app' })
    app.dataset.hint = 'ublog_8000_signed_in'
    document.body.append(app)
    hint(true) // another site's, on this host at another port
    expect((await openTab()).restoring.value).toBe(false)
    document.cookie = 'ublog_8000_signed_in=1; Path=/'
    expect((await openTab()).restoring.value).toBe(true)
    document.cookie = 'ublog_8000_signed_in=1; Path=/; Max-Age=0'
    app.remove()
  })

  it('comes back from the cookie, with one request however many ask', async () => {
    hint(true)
    const token = tokenFor(300)
    refreshAnswers(ok(token))
    const tab = await openTab()
    const tokens = await Promise.all([tab.freshToken(), tab.freshToken(), tab.renew()])
    expect(tokens).toEqual([token, token, token])
    expect(refreshes).toBe(1)
    expect(tab.signedIn.value).toBe(true)
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain(token)
  })

  it('renews a token that is about to expire, and not before', async () => {
    const tab = await openTab()
    refreshAnswers(ok('new'))
    tab.adopt(tokenFor(300))
    await tab.freshToken()
    expect(refreshes).toBe(0)
    tab.adopt(tokenFor(10))
    expect(await tab.freshToken()).toBe('new')
  })

  it('ends when the server says so', async () => {
    const tab = await openTab()
    refreshAnswers(status(401))
    tab.adopt(tokenFor(1))
    const before = tab.person.value
    expect(await tab.freshToken()).toBeNull()
    expect(tab.signedIn.value).toBe(false)
    expect(tab.person.value).toBe(before + 1)
  })

  it('ends in every tab when the server says so to one', async () => {
    const [one, two] = [await openTab(), await openTab()]
    one.adopt(tokenFor(10))
    await vi.waitFor(() => expect(two.signedIn.value).toBe(true))
    refreshAnswers(status(401))
    await two.freshToken()
    await vi.waitFor(() => expect(one.signedIn.value).toBe(false))
    expect(refreshes).toBe(1)
  })

  it('does not end when nobody answers, or the server stumbles', async () => {
    const tab = await openTab()
    tab.adopt(tokenFor(1))
    refreshAnswers(() => HttpResponse.error())
    await expect(tab.freshToken()).rejects.toMatchObject({ kind: 'offline' })
    refreshAnswers(status(503))
    await expect(tab.freshToken()).rejects.toMatchObject({ kind: 'server' })
    expect(tab.signedIn.value).toBe(true)
  })

  it('tries once more after losing a race', async () => {
    const tab = await openTab()
    tab.adopt(tokenFor(1))
    refreshAnswers(status(409), ok('won'))
    expect(await tab.freshToken()).toBe('won')
    expect(refreshes).toBe(2)
  })

  it('is not revived by a renewal that was under way when the person signed out', async () => {
    const tab = await openTab()
    tab.adopt(tokenFor(1))
    server.use(http.post('*/api/auth/token/logout/', () => new HttpResponse(null, { status: 204 })))
    refreshAnswers(ok('late'))
    const renewal = tab.renew()
    tab.endHere()
    expect(await renewal).toBeNull()
    expect(tab.accessToken.value).toBeNull()
  })

  it('signs in and out in every tab', async () => {
    const [one, two] = [await openTab(), await openTab()]
    const token = tokenFor(300)
    one.adopt(token)
    await vi.waitFor(() => expect(two.accessToken.value).toBe(token))
    server.use(http.post('*/api/auth/token/logout/', () => new HttpResponse(null, { status: 204 })))
    await two.signOut()
    await vi.waitFor(() => expect(one.signedIn.value).toBe(false))
  })

  it('keeps the person signed in when signing out fails', async () => {
    const tab = await openTab()
    tab.adopt(tokenFor(300))
    server.use(http.post('*/api/auth/token/logout/', () => HttpResponse.error()))
    await expect(tab.signOut()).rejects.toMatchObject({ kind: 'offline' })
    expect(tab.signedIn.value).toBe(true)
  })

  it('follows a sign-out and a sign-in that happened on the Django pages', async () => {
    const tab = await openTab()
    tab.adopt(tokenFor(300))
    await tab.lookAgain()
    expect(tab.signedIn.value).toBe(false)
    hint(true)
    refreshAnswers(ok(tokenFor(300, 'pages')))
    await tab.lookAgain()
    expect(tab.signedIn.value).toBe(true)
  })

  it('notices that the cookie has become another user’s', async () => {
    const tab = await openTab()
    const of = (user: number) => tokenFor(1).replace(/\..*\./, `.${payload(user)}.`)
    const payload = (user_id: number) => btoa(JSON.stringify({ iat: 0, exp: 1, user_id }))
    tab.adopt(of(7))
    expect([tab.userId.value, tab.departures.value]).toEqual(['7', 0])
    refreshAnswers(ok(of(7)), ok(of(8)))
    await tab.renew()
    expect(tab.departures.value).toBe(0)
    const { person } = tab
    const before = person.value
    await tab.renew()
    expect([tab.userId.value, tab.departures.value, person.value]).toEqual(['8', 1, before + 1])
  })

  it('says who is here, once it knows', async () => {
    hint(true)
    refreshAnswers(status(401))
    const tab = await openTab()
    expect(tab.userId.value).toBeNull()
    await tab.freshToken()
    expect(tab.userId.value).toBe('')
  })

  it('reads nothing of a token but how long it lives and whose it is', () => {
    expect(lifetime(tokenFor(300))).toBe(300)
    expect(lifetime('nonsense', 42)).toBe(42)
    expect(lifetime('a.e30.x', 42)).toBe(42)
  })
})
