import { http as mock, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { FakeBlog, User } from '../../tests/mock/blog'
import { freshBlog, server } from '../../tests/msw'
import { accessToken, adoptToken } from '../session/session'
import type { BlogApi } from './blogApi'
import { ApiError } from './errors'
import graphql from './graphql'
import restFunctions from './restFunctions'
import restViewSet from './restViewSet'
import { PAUSES } from './retry'

const interfaces: [string, BlogApi][] = [
  ['REST functions', restFunctions],
  ['REST view set', restViewSet],
  ['GraphQL', graphql],
]
const noResponse = () => HttpResponse.error()
const status = (code: number, headers = {}) => new Response('', { status: code, headers })

/** Return the requests that arrive; the first ones fail in this way. */
function failing(times: number, failure: () => Response) {
  const requests: Request[] = []
  server.use(
    mock.all('*', ({ request }) => {
      requests.push(request.clone() as Request)
      return requests.length <= times ? failure() : undefined
    }),
  )
  return requests
}

describe.each(interfaces)('%s', (_, api) => {
  let blog: FakeBlog
  let alice: User

  beforeEach(() => {
    const backEnd = freshBlog()
    blog = backEnd.blog
    alice = blog.person('alice')
    accessToken.value = null
    adoptToken(backEnd.tokens.access(alice))
  })
  it.each([
    ['there is no response', noResponse],
    ['the proxy cannot reach the server', () => status(502)],
    ['the server is busy', () => status(503)],
    ['the proxy timed out', () => status(504)],
  ])('requests a list again when %s', async (_, failure) => {
    blog.publish(alice, { body: 'Hello' })
    const requests = failing(PAUSES.length, failure)
    expect((await api.listPosts()).posts).toHaveLength(1)
    expect(requests).toHaveLength(PAUSES.length + 1)
  })

  it('waits as long as the server asks', async () => {
    const requests = failing(1, () => status(503, { 'Retry-After': '1' }))
    const began = performance.now()
    await api.listPosts()
    expect(performance.now() - began).toBeGreaterThan(990)
    expect(requests).toHaveLength(2)
  })

  it('sends a new post again with the same key and text', async () => {
    const requests = failing(1, noResponse)
    await api.createPost({ body: 'Hello' }, { idempotencyKey: 'a key' })
    expect(requests.map(({ headers }) => headers.get('Idempotency-Key'))).toEqual([
      'a key',
      'a key',
    ])
    const [first, second] = await Promise.all(requests.map((request) => request.text()))
    expect(second).toBe(first)
    expect(blog.posts.map(({ body }) => body)).toEqual(['Hello'])
  })

  it('sends an image again', async () => {
    const image = new File(['pixels'], 'holiday.png', { type: 'image/png' })
    const requests = failing(1, () => status(502))
    await api.createPost({ body: 'Look', image }, { idempotencyKey: 'a key' })
    expect(requests).toHaveLength(2)
    expect(blog.media.size).toBe(1)
  })

  it('likes, unlikes and deletes again', async () => {
    const { id } = blog.publish(alice, { body: 'Mine' })
    let requests = failing(1, noResponse)
    expect(await api.setMark(id, 'like', true)).toMatchObject({ liked: true, likeCount: 1 })
    expect(requests).toHaveLength(2)
    requests = failing(1, noResponse)
    expect(await api.setMark(id, 'like', false)).toMatchObject({ liked: false, likeCount: 0 })
    expect(requests).toHaveLength(2)
    requests = failing(1, noResponse)
    await api.deletePost(id)
    expect(requests).toHaveLength(2)
    expect(blog.posts).toEqual([])
  })

  it('does not send a post without a key or an edit again', async () => {
    const { id } = blog.publish(alice, { body: 'Mine' })
    for (const write of [
      () => api.createPost({ body: 'Hello' }),
      () => api.updatePost(id, { body: 'Changed' }),
    ]) {
      const requests = failing(1, noResponse)
      await expect(write()).rejects.toMatchObject({ kind: 'offline' })
      expect(requests).toHaveLength(1)
    }
  })

  it.each([
    ['an error of the server', () => status(500)],
    ['a limit', () => status(429, { 'Retry-After': '1' })],
    ['a search that took too long', () => status(503, { 'Retry-After': '10' })],
  ])('does not retry after %s', async (_, failure) => {
    const requests = failing(1, failure)
    await expect(api.listPosts({ q: 'tea' })).rejects.toBeInstanceOf(ApiError)
    expect(requests).toHaveLength(1)
  })

  it('gives up after the last attempt', async () => {
    const requests = failing(99, noResponse)
    await expect(api.listPosts()).rejects.toMatchObject({ kind: 'offline' })
    expect(requests).toHaveLength(PAUSES.length + 1)
  })

  it('does not send again what was cancelled during the pause', async () => {
    PAUSES.fill(300)
    const controller = new AbortController()
    const requests = failing(1, noResponse)
    const sent = api.createPost(
      { body: 'Never mind' },
      { idempotencyKey: 'a key', signal: controller.signal },
    )
    await vi.waitUntil(() => requests.length === 1)
    controller.abort()
    await expect(sent).rejects.toMatchObject({ code: 'ERR_CANCELED' })
    expect(requests).toHaveLength(1)
    PAUSES.fill(20)
  })
})
