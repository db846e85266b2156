import { http } from 'msw'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import PostCard from '../../src/components/post/PostCard.vue'
import PostList from '../../src/components/post/PostList.vue'
import PostMark from '../../src/components/post/PostMark.vue'
import * as session from '../../src/session/session'
import { server } from '../msw'
import { blogOf, eventually, shown } from './mounted'

let site: ReturnType<typeof blogOf>
beforeEach(() => void (site = blogOf()))

describe('the post card', () => {
  it('shows who wrote what, and when, with a link to each', async () => {
    const stored = site.blog.publish(site.alice, { body: 'See https://example.org.' })
    const { wrapper } = await shown(PostCard, { post: site.asPost(stored) })
    expect(wrapper.get('article').attributes('aria-label')).toBe(
      'Alice: “See https://example.org.”',
    )
    expect(wrapper.get('.post-author').attributes('href')).toBe('/@alice')
    expect(wrapper.get('.post-when').attributes('href')).toBe(`/posts/${stored.id}`)
    expect(wrapper.get('.post-body').text()).toBe('See https://example.org.')
    expect(wrapper.get('.post-body a').attributes('href')).toBe('https://example.org')
    expect(wrapper.text()).not.toContain('edited')
  })

  it('prints the segments of a text, each as what it is', async () => {
    const body = 'Hi @bob, @nobody:\nhttps://example.org/?a=1&b=2 #tea'
    const { wrapper } = await shown(PostCard, {
      post: site.asPost(site.blog.publish(site.alice, { body })),
    })
    const text = wrapper.get('.post-body')
    expect(text.element.textContent).toBe(body)
    const links = text.findAll('a').map((link) => [link.text(), link.attributes('href')])
    expect(links).toEqual([
      ['@bob', '/@bob'],
      ['https://example.org/?a=1&b=2', 'https://example.org/?a=1&b=2'],
      ['#tea', '/tags/tea'],
    ])
    expect(text.findAll('a').at(1)?.attributes('rel')).toBe('nofollow ugc noopener')
  })

  it('has a menu for users who are logged in only', async () => {
    const stored = site.blog.publish(site.alice, { body: 'Mine' })
    const visitor = await shown(PostCard, { post: site.asPost(stored) })
    expect(visitor.wrapper.find('[aria-haspopup]').exists()).toBe(false)
    visitor.wrapper.unmount()
    site.actAs(site.bob)
    const { wrapper } = await shown(PostCard, { post: site.asPost(stored, site.bob) })
    await eventually(() => expect(wrapper.find('[aria-haspopup]').exists()).toBe(true))
  })

  it.each([
    ['held', 'Waits for a moderator.'],
    ['hidden', 'Hidden by a moderator.'],
  ])('says that it is %s, and offers only to delete it', async (state, text) => {
    site.actAs(site.alice)
    const stored = site.blog.publish(site.alice, { body: 'Rude' })
    const own = { ...site.asPost(stored, site.alice), canEdit: false, [state]: true }
    const hers = await shown(PostCard, { post: own })
    expect(hers.wrapper.text()).toContain(text)
    expect(hers.wrapper.get('.post-body').text()).toBe('Rude')
    expect(hers.wrapper.find('.tool-mark').exists()).toBe(false)
    await eventually(() => expect(hers.wrapper.findAll('.menu button')).toHaveLength(1))
  })

  it('shows only the place of a post that others may not see', async () => {
    const stored = site.blog.publish(site.alice, { body: 'Rude' })
    const place = { ...site.asPost(stored), body: '', createdBy: null, hidden: true }
    const { wrapper } = await shown(PostCard, { post: place })
    expect(wrapper.get('article').attributes('aria-label')).toBe('Hidden by a moderator.')
    expect(wrapper.find('.post-body').exists()).toBe(false)
  })

  it('folds what the user mutes, until it is opened', async () => {
    const stored = site.blog.publish(site.alice, { body: 'Too loud' })
    const post = { ...site.asPost(stored), muted: true }
    const { wrapper } = await shown(PostCard, { post })
    expect(wrapper.find('.post-body').exists()).toBe(false)
    await wrapper.get('button.link').trigger('click')
    expect(wrapper.get('.post-body').text()).toBe('Too loud')
  })

  it('shows markup in a text as text', async () => {
    const stored = site.blog.publish(null, { body: '<img src=x onerror=alert(1)>' })
    const { wrapper } = await shown(PostCard, { post: site.asPost(stored) })
    expect(wrapper.find('img').exists()).toBe(false)
    expect(wrapper.get('.post-body').text()).toBe('<img src=x onerror=alert(1)>')
  })
})

describe('a post of many lines', () => {
  it('is folded in a list until it is opened, and not on its own page', async () => {
    const body = Array.from({ length: 20 }, (_, line) => `Line ${line}`).join('\n')
    const post = site.asPost(site.blog.publish(site.alice, { body }))
    const { wrapper } = await shown(PostCard, { post })
    expect(wrapper.get('.post-body').classes()).toContain('post-folded')
    const more = wrapper.findAll('button').find((button) => button.text() === 'Show more')
    await more?.trigger('click')
    expect(wrapper.get('.post-body').classes()).not.toContain('post-folded')
    expect(wrapper.text()).not.toContain('Show more')
    wrapper.unmount()
    const alone = await shown(PostCard, { post, single: true })
    expect(alone.wrapper.get('.post-body').classes()).not.toContain('post-folded')
  })
})

describe('the list', () => {
  it('names its end only below the last post', async () => {
    for (let n = 0; n < 10; n++) site.blog.publish(site.alice, { body: `Post ${n}` })
    const { wrapper } = await shown(PostList, { filter: {}, empty: 'Nothing' })
    const shownAtTheEnd = new Set<number>()
    const watching = new MutationObserver(() => {
      const posts = wrapper.findAll('article').length
      if (wrapper.text().includes('You have reached the first post.')) shownAtTheEnd.add(posts)
    })
    watching.observe(wrapper.element, { subtree: true, childList: true })
    await eventually(() => expect(wrapper.findAll('article')).toHaveLength(10))
    await nextTick()
    expect(shownAtTheEnd).toEqual(new Set([10]))
  })
})

describe('the like', () => {
  it('is sent for a user who is logged in, and has its count in its name', async () => {
    const stored = site.blog.publish(site.alice, { body: 'Nice' })
    site.actAs(site.bob)
    const { wrapper } = await shown(PostMark, { mark: 'like', post: site.asPost(stored, site.bob) })
    expect(wrapper.attributes('aria-label')).toBe('Like, 0 likes')
    await wrapper.trigger('click')
    await eventually(() => expect(stored.marks.like).toEqual(new Set([site.bob.id])))
  })

  it('leads an anonymous visitor to the login and back', async () => {
    const stored = site.blog.publish(site.alice, { body: 'Nice' })
    const { wrapper, router } = await shown(
      PostMark,
      { mark: 'like', post: site.asPost(stored) },
      '/@alice',
    )
    await wrapper.trigger('click')
    await eventually(() => expect(router.currentRoute.value.name).toBe('login'))
    expect(router.currentRoute.value.query.next).toBe('/@alice')
    expect(stored.marks.like.size).toBe(0)
  })

  it('waits for a session that is being restored', async () => {
    const stored = site.blog.publish(site.alice, { body: 'Nice' })
    let respond: (response: Response) => void = () => undefined
    const refresh = vi.fn(() => new Promise<Response>((done) => (respond = done)))
    server.use(http.post('*/api/auth/token/refresh/', refresh))
    session.restoring.value = true
    const { wrapper, router } = await shown(PostMark, {
      mark: 'like',
      post: site.asPost(stored, site.bob),
    })
    await wrapper.trigger('click')
    await eventually(() => expect(refresh).toHaveBeenCalled())
    await nextTick()
    expect(router.currentRoute.value.name).toBe('timeline')
    respond(Response.json({ access: site.tokens.access(site.bob) }))
    await eventually(() => expect(stored.marks.like).toEqual(new Set([site.bob.id])))
    expect(router.currentRoute.value.name).toBe('timeline')
  })
})
