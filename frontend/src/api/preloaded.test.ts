import { http as mocked, HttpResponse } from 'msw'
import { expect, it, vi } from 'vitest'
import { server } from '../../tests/msw'

const LIST = '/api/cbv/posts/'
const tokenOf = (user: string) =>
  `a.${btoa(JSON.stringify({ iat: 1, exp: 9_999_999_999, user_id: user }))}.x`

/** Open the app of the user of the hint cookie, whose HTML has preloaded the list, and request it twice.
 *  `reader` is the user for whom the server responds to the cookie. Return the requests' tokens. */
async function request(reader: string, { hint = '7', refreshes = true } = {}) {
  const link = document.createElement('link')
  Object.assign(link, { rel: 'preload', href: LIST })
  link.setAttribute('as', 'fetch')
  document.head.replaceChildren(link)
  document.body.dataset.hint = 'user_hint'
  document.cookie = `user_hint=${hint}; Path=/${hint ? '' : '; Max-Age=0'}`
  const sent: (string | null)[] = []
  server.use(
    mocked.post('*/api/auth/token/refresh/', () =>
      refreshes ? HttpResponse.json({ access: tokenOf(hint) }) : HttpResponse.error(),
    ),
    mocked.get(`*${LIST}`, ({ request }) => {
      const token = request.headers.get('Authorization')
      sent.push(token && 'token')
      return HttpResponse.json({}, { headers: token ? {} : { 'X-Ublog-User': reader } })
    }),
  )
  vi.resetModules()
  const { http } = await import('./http')
  Object.assign(http.defaults, { adapter: 'fetch', baseURL: location.origin })
  const session = await import('../session/session')
  const responses = [await http.get(LIST).catch(() => null), await http.get(LIST).catch(() => null)]
  return { sent, responses, session }
}

it('the first list waits for no token: the cookie of the pages shows the same', async () => {
  expect((await request('7')).sent).toEqual([null, 'token'])
})

it('what the cookie shows to somebody else is not shown', async () => {
  expect((await request('8')).sent).toEqual([null, 'token', 'token'])
  expect((await request('')).sent).toEqual([null, 'token', 'token'])
})

it('a visitor has no token, and is shown nothing of a user whose session is left', async () => {
  expect((await request('', { hint: '' })).sent).toEqual([null, null])
})

it('without a token what is kept is read, if it is of the same user', async () => {
  const same = await request('7', { refreshes: false })
  expect(same.responses.map((one) => one?.status)).toEqual([200, 200])
  const other = await request('8', { refreshes: false })
  expect(other.responses).toEqual([null, null])
})

it('another user who turns out to be logged in sees nothing of what was shown', async () => {
  const { session } = await request('7', { refreshes: false })
  const before = session.sessionEnds.value
  session.adoptToken(tokenOf('8'))
  expect(session.sessionEnds.value).toBe(before + 1)
})
