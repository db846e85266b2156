/** What the adapters make of a server that fails, and of a token that has expired: mock only. */
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import { accessToken, adoptToken } from '../../src/session/session'
import { freshBlog, server } from '../msw'
import { adapters, errorOf } from './world'

describe.each(adapters)('%s', (_, api) => {
  beforeEach(() => void (accessToken.value = null))

  it('reports a server that cannot be reached, fails or limits', async () => {
    server.use(http.all('*', () => HttpResponse.error()))
    expect((await errorOf(api.listPosts())).kind).toBe('offline')
    server.use(
      http.all('*', () => new Response('', { status: 500, headers: { 'X-Request-Id': 'abc' } })),
    )
    expect(await errorOf(api.listPosts())).toMatchObject({ kind: 'server', requestId: 'abc' })
    server.use(
      http.all('*', () =>
        HttpResponse.json(
          { detail: 'Slow down.' },
          { status: 429, headers: { 'Retry-After': '7' } },
        ),
      ),
    )
    expect(await errorOf(api.createPost({ body: 'x' }))).toMatchObject({
      kind: 'rate-limited',
      retryAfter: 7,
      detail: 'Slow down.',
    })
  })

  it('can be cancelled', async () => {
    const controller = new AbortController()
    const sent = api.createPost({ body: 'Never mind' }, { signal: controller.signal })
    controller.abort()
    await expect(sent).rejects.toMatchObject({ code: 'ERR_CANCELED' })
  })

  it('renews an expired token before the request, and an invalid one after it', async () => {
    const { blog, tokens } = freshBlog()
    const alice = blog.person('alice')
    const { id } = blog.publish(alice, { body: 'Mine' })
    adoptToken('expired.beyond.hope')
    let renewals = 0
    server.use(
      http.post('*/api/auth/token/refresh/', () => {
        renewals++
        return HttpResponse.json({ access: tokens.access(alice) })
      }),
    )
    expect((await api.getPost(id)).canEdit).toBe(true)
    expect(renewals).toBe(1)
  })
})
