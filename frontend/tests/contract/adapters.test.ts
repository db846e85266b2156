/** One contract, three adapters: what the app may expect of the blog through each door. */
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../../src/api/errors'
import graphql from '../../src/api/graphql'
import type { BlogApi } from '../../src/api/port'
import restFunctions from '../../src/api/restFunctions'
import restViewSet from '../../src/api/restViewSet'
import { accessToken, adopt } from '../../src/session/session'
import type { FakeBlog, User } from '../mock/blog'
import { freshBlog, server } from '../msw'

const doors: [string, BlogApi][] = [
  ['REST functions', restFunctions],
  ['REST view set', restViewSet],
  ['GraphQL', graphql],
]

const refusal = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => Promise.reject(new Error('It was not refused.')),
    (reason: unknown) => {
      expect(reason).toBeInstanceOf(ApiError)
      return reason as ApiError
    },
  )
const picture = () => new File(['pixels'], 'holiday.png', { type: 'image/png' })

describe.each(doors)('%s', (_, api) => {
  let blog: FakeBlog
  let alice: User
  let bob: User
  let actAs: (user: User) => void

  beforeEach(() => {
    const backEnd = freshBlog()
    blog = backEnd.blog
    alice = blog.person('alice', { displayName: 'Alice' })
    bob = blog.person('bob')
    accessToken.value = null
    actAs = (user) => adopt(backEnd.tokens.access(user))
  })

  it('shows a post as it is', async () => {
    const { id, createdOn } = blog.publish(alice, { body: 'Hello' })
    blog.like(id, bob, true)
    expect(await api.getPost(id)).toEqual({
      id,
      body: 'Hello',
      image: null,
      author: { username: 'alice', displayName: 'Alice' },
      createdOn,
      modifiedOn: createdOn,
      edited: false,
      likeCount: 1,
      liked: false,
      canEdit: false,
    })
  })

  it('shows what is mine as mine', async () => {
    actAs(alice)
    const { id } = blog.publish(alice, { body: 'Mine' })
    blog.like(id, alice, true)
    expect(await api.getPost(id)).toMatchObject({ liked: true, canEdit: true })
  })

  it('shows an anonymous post without an author', async () => {
    const { id } = blog.publish(null, { body: 'Who?' })
    expect((await api.getPost(id)).author).toBeNull()
  })

  it('lists newest first, in pages that neither skip nor repeat', async () => {
    for (let n = 1; n <= 5; n++) blog.publish(alice, { body: `Post ${n}` })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await api.listPosts({ pageSize: 2, cursor })
      seen.push(...page.posts.map(({ body }) => body))
      cursor = page.next
    } while (cursor)
    expect(seen).toEqual(['Post 5', 'Post 4', 'Post 3', 'Post 2', 'Post 1'])
  })

  it('searches', async () => {
    blog.publish(alice, { body: 'A cat' })
    blog.publish(alice, { body: 'A dog' })
    const { posts, next } = await api.listPosts({ q: 'CAT' })
    expect([posts.map(({ body }) => body), next]).toEqual([['A cat'], null])
  })

  it('lists one author', async () => {
    blog.publish(alice, { body: 'From Alice' })
    blog.publish(bob, { body: 'From Bob' })
    expect((await api.listPosts({ author: 'bob' })).posts.map(({ body }) => body)).toEqual([
      'From Bob',
    ])
  })

  it('publishes, signed in or not', async () => {
    expect((await api.createPost({ body: 'Anonymous' })).author).toBeNull()
    actAs(alice)
    const post = await api.createPost({ body: 'Signed' })
    expect(post).toMatchObject({ body: 'Signed', author: { username: 'alice' }, canEdit: true })
  })

  it('publishes a picture with its description', async () => {
    actAs(alice)
    const post = await api.createPost({ body: 'Look', image: picture(), imageAlt: 'A lake' })
    expect(post.image).toMatchObject({ alt: 'A lake', width: 800, height: 600 })
    expect(blog.media.size).toBe(1)
  })

  it('puts the objections under their fields', async () => {
    const error = await refusal(api.createPost({ body: '  ' }))
    expect([error.kind, error.fields.body]).toEqual(['invalid', ['This field may not be blank.']])
    actAs(alice)
    const text = new File(['text'], 'x.txt', { type: 'text/plain' })
    const second = await refusal(api.createPost({ body: 'Look', image: text }))
    expect([second.kind, Object.keys(second.fields)]).toEqual(['invalid', ['image']])
  })

  it('edits the text and leaves the picture', async () => {
    actAs(alice)
    const { id } = blog.publish(alice, { body: 'Look', image: picture(), imageAlt: 'A lake' })
    const post = await api.updatePost(id, { body: 'Look!', imageAlt: 'A deep lake' })
    expect(post).toMatchObject({ body: 'Look!', edited: true, image: { alt: 'A deep lake' } })
  })

  it('refuses an edit of what was changed meanwhile', async () => {
    actAs(alice)
    const { id, modifiedOn: version } = blog.publish(alice, { body: 'First' })
    const second = await api.updatePost(id, { body: 'Second' }, { version })
    expect((await refusal(api.updatePost(id, { body: 'Third' }, { version }))).kind).toBe('stale')
    expect(blog.find(id).body).toBe('Second')
    const third = await api.updatePost(id, { body: 'Third' }, { version: second.modifiedOn })
    expect(third.body).toBe('Third')
  })

  it('replaces and removes the picture', async () => {
    actAs(alice)
    const { id } = blog.publish(alice, { body: 'Look', image: picture() })
    const before = blog.find(id).image?.url
    const replaced = await api.updatePost(id, { body: 'Look', image: picture(), imageAlt: 'New' })
    expect(replaced.image?.url).not.toBe(before)
    expect((await api.updatePost(id, { body: 'Look', image: null })).image).toBeNull()
  })

  it('lets only the author edit and delete', async () => {
    const { id } = blog.publish(alice, { body: 'Mine' })
    expect((await refusal(api.deletePost(id))).kind).toBe('unauthorized')
    actAs(bob)
    expect((await refusal(api.updatePost(id, { body: 'His' }))).kind).toBe('forbidden')
    expect((await refusal(api.deletePost(id))).kind).toBe('forbidden')
    expect(blog.find(id).body).toBe('Mine')
    actAs(alice)
    await api.deletePost(id)
    expect(blog.posts).toEqual([])
  })

  it('likes and unlikes, as often as asked, and answers with the post as it now is', async () => {
    const { id } = blog.publish(alice, { body: 'Nice' })
    expect((await refusal(api.setLiked(id, true))).kind).toBe('unauthorized')
    actAs(bob)
    for (const liked of [true, true, false, false])
      expect(await api.setLiked(id, liked)).toMatchObject({ liked, likeCount: liked ? 1 : 0 })
  })

  it('says when a post is not there', async () => {
    actAs(alice)
    expect((await refusal(api.getPost(99))).kind).toBe('not-found')
    expect((await refusal(api.setLiked(99, true))).kind).toBe('not-found')
    expect((await refusal(api.updatePost(99, { body: 'x' }))).kind).toBe('not-found')
  })

  it('says when the server is away, broken or busy', async () => {
    server.use(http.all('*', () => HttpResponse.error()))
    expect((await refusal(api.listPosts())).kind).toBe('offline')
    server.use(
      http.all('*', () => new Response('', { status: 500, headers: { 'X-Request-Id': 'abc' } })),
    )
    expect(await refusal(api.listPosts())).toMatchObject({ kind: 'server', requestId: 'abc' })
    server.use(
      http.all('*', () =>
        HttpResponse.json(
          { detail: 'Slow down.' },
          { status: 429, headers: { 'Retry-After': '7' } },
        ),
      ),
    )
    expect(await refusal(api.createPost({ body: 'x' }))).toMatchObject({
      kind: 'rate-limited',
      retryAfter: 7,
      detail: 'Slow down.',
    })
  })

  it('gives up when told to', async () => {
    const controller = new AbortController()
    const sent = api.createPost({ body: 'Never mind' }, { signal: controller.signal })
    controller.abort()
    await expect(sent).rejects.toMatchObject({ code: 'ERR_CANCELED' })
  })

  it('renews an expired token before asking, and a refused one after', async () => {
    const { id } = blog.publish(alice, { body: 'Mine' })
    adopt('expired.beyond.hope')
    let renewals = 0
    const backEnd = freshBlog()
    Object.assign(backEnd.blog, { users: blog.users, posts: blog.posts })
    server.use(
      http.post('*/api/auth/token/refresh/', () => {
        renewals++
        return HttpResponse.json({ access: backEnd.tokens.access(alice) })
      }),
    )
    expect((await api.getPost(id)).canEdit).toBe(true)
    expect(renewals).toBe(1)
  })
})
