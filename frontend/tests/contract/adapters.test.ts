/** One contract, three adapters: what the app may expect of the blog through each API. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Filter, Notification, Post } from '../../src/api/types'
import { markNames, marks, markState } from '../../src/lib/marks'
import { adapters, errorOf, logInAs, logOut, png, resetWorld, uniqueWord } from './world'

const MISSING = 999_999_999
const bodiesOf = (posts: { body: string }[]) => posts.map(({ body }) => body)

describe.each(adapters)('%s', (_, api) => {
  beforeEach(resetWorld)

  it('lists newest first, in pages that neither skip nor repeat', async () => {
    const word = uniqueWord()
    for (let n = 1; n <= 5; n++) await api.createPost({ body: `${word} ${n}` })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await api.listPosts({ q: word, pageSize: 2, cursor })
      seen.push(...bodiesOf(page.posts))
      cursor = page.next
    } while (cursor)
    expect(seen).toEqual([5, 4, 3, 2, 1].map((n) => `${word} ${n}`))
  })

  it('searches without regard to case', async () => {
    const word = uniqueWord()
    await api.createPost({ body: `A cat, ${word}` })
    await api.createPost({ body: 'A dog' })
    const { posts, next } = await api.listPosts({ q: word.toUpperCase() })
    expect([bodiesOf(posts), next]).toEqual([[`A cat, ${word}`], null])
  })

  it('lists the posts of one author', async () => {
    const word = uniqueWord()
    await logInAs('alice')
    await api.createPost({ body: `${word} from Alice` })
    await logInAs('bob')
    await api.createPost({ body: `${word} from Bob` })
    const { posts } = await api.listPosts({ q: word, author: 'bob' })
    expect(bodiesOf(posts)).toEqual([`${word} from Bob`])
  })

  it('reads every field of a post', async () => {
    await logInAs('alice')
    const { id } = await api.createPost({
      body: 'Hello',
      language: 'en',
      image: png(),
      imageAlt: 'A lake',
    })
    await logInAs('bob')
    await api.setMark(id, 'like', true)
    const post = await api.getPost(id)
    const { width, height } = post.image ?? {}
    expect(post).toEqual({
      id,
      body: 'Hello',
      language: 'en',
      segments: [expect.objectContaining({ type: 'text', text: 'Hello' })],
      image: {
        url: expect.stringMatching(/^(http|\/media\/)/),
        renditions: [{ url: expect.stringMatching(/^(http|\/media\/)/), width, height }],
        width: expect.any(Number),
        height: expect.any(Number),
        alt: 'A lake',
        color: null, // of a picture with transparent pixels
      },
      createdBy: { username: 'alice', displayName: 'Alice Lindqvist', avatar: null },
      createdOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*(Z|\+00:00)$/),
      modifiedOn: post.createdOn,
      edited: false,
      likeCount: 1,
      ...Object.fromEntries(markNames.map((mark) => [marks[mark].field, mark === 'like'])),
      canEdit: false,
      canDelete: false,
      muted: false,
      inReplyTo: null,
      replyCount: 0,
      deleted: false,
      held: false,
      hidden: false,
    })
  })

  it('reads an anonymous post without an author, and a user without a display name', async () => {
    const anonymous = await api.createPost({ body: 'Who?' })
    expect(anonymous).toMatchObject({ createdBy: null, image: null, canEdit: false })
    await logInAs('bob')
    const { createdBy } = await api.createPost({ body: 'Me' })
    expect(createdBy).toEqual({ username: 'bob', displayName: '', avatar: null })
  })

  it('creates a post that its author can edit', async () => {
    await logInAs('alice')
    const post = await api.createPost({ body: 'Mine' })
    expect(post).toMatchObject({ body: 'Mine', createdBy: { username: 'alice' }, canEdit: true })
    logOut()
    expect((await api.getPost(post.id)).canEdit).toBe(false)
  })

  it('creates one post from two requests with the same key', async () => {
    const idempotencyKey = uniqueWord()
    await logInAs('alice')
    const first = await api.createPost({ body: 'Once' }, { idempotencyKey })
    const second = await api.createPost({ body: 'Once' }, { idempotencyKey })
    expect(second.id).toBe(first.id)
  })

  it('has the errors of a field under its name', async () => {
    const error = await errorOf(api.createPost({ body: '  ' }))
    expect([error.kind, Object.keys(error.fields)]).toEqual(['invalid', ['body']])
    const text = new File(['text'], 'x.txt', { type: 'text/plain' })
    const second = await errorOf(api.createPost({ body: 'Look', image: text }))
    expect([second.kind, Object.keys(second.fields)]).toEqual(['invalid', ['image']])
  })

  it('updates the text and the description, and keeps the image', async () => {
    await logInAs('alice')
    const before = await api.createPost({ body: 'Look', image: png(), imageAlt: 'A lake' })
    const after = await api.updatePost(before.id, { body: 'Look!', imageAlt: 'A deep lake' })
    expect(after).toMatchObject({ body: 'Look!', edited: true, image: { alt: 'A deep lake' } })
    expect(after.image?.url).toBe(before.image?.url)
  })

  it('replaces and removes the image', async () => {
    await logInAs('alice')
    const before = await api.createPost({ body: 'Look', image: png() })
    const replaced = await api.updatePost(before.id, { body: 'Look', image: png() })
    expect(replaced.image?.url).not.toBe(before.image?.url)
    expect((await api.updatePost(before.id, { body: 'Look', image: null })).image).toBeNull()
  })

  it('does not overwrite a version that the user has not seen', async () => {
    await logInAs('alice')
    const { id, modifiedOn: version } = await api.createPost({ body: 'First' })
    const second = await api.updatePost(id, { body: 'Second' }, { version })
    const error = await errorOf(api.updatePost(id, { body: 'Third' }, { version }))
    expect([error.kind, (await api.getPost(id)).body]).toEqual(['stale', 'Second'])
    const third = await api.updatePost(id, { body: 'Third' }, { version: second.modifiedOn })
    expect(third.body).toBe('Third')
  })

  it('lets only the author update and delete', async () => {
    await logInAs('alice')
    const { id } = await api.createPost({ body: 'Mine' })
    logOut()
    expect((await errorOf(api.deletePost(id))).kind).toBe('unauthorized')
    await logInAs('bob')
    expect((await errorOf(api.updatePost(id, { body: 'His' }))).kind).toBe('forbidden')
    expect((await errorOf(api.deletePost(id))).kind).toBe('forbidden')
    expect((await api.getPost(id)).body).toBe('Mine')
    await logInAs('alice')
    await api.deletePost(id)
    expect((await errorOf(api.getPost(id))).kind).toBe('not-found')
  })

  it.each(markNames)(
    'sets and clears a %s, repeatedly, and returns the updated post',
    async (mark) => {
      await logInAs('alice')
      const { id } = await api.createPost({ body: 'Nice' })
      logOut()
      expect((await errorOf(api.setMark(id, mark, true))).kind).toBe('unauthorized')
      await logInAs('bob')
      for (const on of [true, true, false, false]) {
        const { on: now, count } = markState(await api.setMark(id, mark, on), mark)
        expect([now, count ?? +on]).toEqual([on, +on])
      }
    },
  )

  it('lists the bookmarks of the user, who must be logged in', async () => {
    expect((await errorOf(api.listPosts({ bookmarked: true }))).kind).toBe('unauthorized')
    await logInAs('alice')
    const word = uniqueWord()
    const kept: Post[] = []
    for (const n of [1, 2, 3]) {
      const { id } = await api.createPost({ body: `${word} ${n}` })
      if (n > 1) kept.unshift(await api.setMark(id, 'bookmark', true))
    }
    expect((await api.listPosts({ q: word, bookmarked: true })).posts).toEqual(kept)
  })

  it('lists the replies to a post oldest first, in pages that neither skip nor repeat', async () => {
    await logInAs('alice')
    const { id } = await api.createPost({ body: 'Question' })
    for (let n = 1; n <= 5; n++) {
      const reply = await api.createPost({ body: `Reply ${n}`, inReplyTo: id })
      expect(reply).toMatchObject({ inReplyTo: id, replyCount: 0, deleted: false })
    }
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await api.listReplies(id, { pageSize: 2, cursor })
      seen.push(...bodiesOf(page.posts))
      cursor = page.next
    } while (cursor)
    expect(seen).toEqual([1, 2, 3, 4, 5].map((n) => `Reply ${n}`))
    expect((await api.getPost(id)).replyCount).toBe(5)
  })

  it('lists the nearest posts above a reply, and names the first of all', async () => {
    await logInAs('alice')
    const ids: number[] = []
    for (let n = 1; n <= 22; n++) {
      const inReplyTo = ids.at(-1)
      ids.push((await api.createPost({ body: `Step ${n}`, ...(inReplyTo && { inReplyTo }) })).id)
    }
    const [first = 0, ...others] = ids
    const last = await api.listAncestors(ids.at(-1) ?? 0)
    expect([last.posts.map(({ id }) => id), last.top]).toEqual([others.slice(0, 20), first])
    const second = await api.listAncestors(others[0] ?? 0)
    expect([second.posts.map(({ id }) => id), second.top]).toEqual([[first], null])
    expect(await api.listAncestors(first)).toEqual({ posts: [], top: null })
  })

  it('lists replies when they are wanted, and in a search', async () => {
    const word = uniqueWord()
    await logInAs('bob')
    const { id } = await api.createPost({ body: `${word} post` })
    await api.createPost({ body: `${word} reply`, inReplyTo: id, image: png() })
    const listed = async (filter: Filter) => bodiesOf((await api.listPosts(filter)).posts)
    const all = [`${word} reply`, `${word} post`]
    expect((await listed({ author: 'bob' })).slice(0, 1)).toEqual([`${word} post`])
    expect((await listed({ author: 'bob', replies: true })).slice(0, 2)).toEqual(all)
    expect(await listed({ q: word })).toEqual(all)
  })

  it('shows a deleted post that has replies without its content, until the last is gone', async () => {
    await logInAs('alice')
    const { id } = await api.createPost({ body: 'Regretted', image: png() })
    const { id: reply } = await api.createPost({ body: 'Reply', inReplyTo: id })
    await api.setMark(id, 'like', true)
    await api.deletePost(id)
    const gone = {
      ...{ id, deleted: true, body: '', image: null, createdBy: null, likeCount: 0, liked: false },
      ...{ replyCount: 1, canEdit: false },
    }
    expect(await api.getPost(id)).toMatchObject(gone)
    expect((await api.listAncestors(reply)).posts).toMatchObject([gone])
    expect((await errorOf(api.setMark(id, 'like', true))).kind).toBe('not-found')
    expect((await errorOf(api.updatePost(id, { body: 'x' }))).kind).toBe('not-found')
    const error = await errorOf(api.createPost({ body: 'Too late', inReplyTo: id }))
    expect([error.kind, Object.keys(error.fields)]).toEqual(['invalid', ['inReplyTo']])
    await api.deletePost(reply)
    expect((await errorOf(api.getPost(id))).kind).toBe('not-found')
  })

  it('lists notifications newest first, in pages that neither skip nor repeat', async () => {
    const word = uniqueWord()
    await logInAs('alice')
    const { id } = await api.createPost({ body: `${word} question` })
    await logInAs('bob')
    for (let n = 1; n <= 3; n++) await api.createPost({ body: `${word} ${n}`, inReplyTo: id })
    await api.createPost({ body: `${word}: @alice, look` })
    await api.setMark(id, 'like', true)
    await logInAs('alice')
    const seen: Notification[] = []
    let cursor: string | null = null
    do {
      const page = await api.listNotifications({ pageSize: 2, cursor })
      seen.push(...page.notifications)
      cursor = page.next
    } while (cursor && seen.length < 6)
    expect(seen.slice(0, 5).map(({ kind, post }) => [kind, post?.body])).toEqual([
      ['like', `${word} question`],
      ['mention', `${word}: @alice, look`],
      ...[3, 2, 1].map((n) => ['reply', `${word} ${n}`]),
    ])
    expect(seen[0]).toMatchObject({
      id: expect.any(Number),
      createdOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*(Z|\+00:00)$/),
      unread: true,
      actor: { username: 'bob', displayName: '' },
      otherCount: 0,
      post: { id, likeCount: 1, canEdit: true, createdBy: { username: 'alice' } },
    })
    expect(new Set(seen.map((one) => one.id)).size).toBe(seen.length)
  })

  it('counts unread notifications, and marks them as read up to one, never back', async () => {
    await logInAs('bob')
    const newest = async () => (await api.listNotifications()).notifications[0]?.createdOn ?? ''
    if (await newest()) await api.markRead(await newest())
    await logInAs('alice')
    for (let n = 1; n <= 3; n++) await api.createPost({ body: `@bob, ${n}` })
    await logInAs('bob')
    expect(await api.countUnread()).toBe(3)
    const [, , first] = (await api.listNotifications()).notifications
    expect(await api.markRead(first?.createdOn ?? '')).toBe(2)
    expect(await api.markRead(await newest())).toBe(0)
    expect(await api.markRead(first?.createdOn ?? '')).toBe(0)
    const { notifications } = await api.listNotifications()
    expect(notifications.map(({ unread }) => unread).some(Boolean)).toBe(false)
  })

  it('keeps notifications to users who are logged in', async () => {
    const requests = [
      () => api.listNotifications(),
      () => api.countUnread(),
      () => api.markRead(new Date().toISOString()),
    ]
    for (const request of requests) expect((await errorOf(request())).kind).toBe('unauthorized')
  })

  it('reports a post that does not exist', async () => {
    await logInAs('alice')
    expect((await errorOf(api.getPost(MISSING))).kind).toBe('not-found')
    expect((await errorOf(api.listReplies(MISSING))).kind).toBe('not-found')
    expect((await errorOf(api.listAncestors(MISSING))).kind).toBe('not-found')
    expect((await errorOf(api.setMark(MISSING, 'like', true))).kind).toBe('not-found')
    expect((await errorOf(api.updatePost(MISSING, { body: 'x' }))).kind).toBe('not-found')
    expect((await errorOf(api.deletePost(MISSING))).kind).toBe('not-found')
  })
})
