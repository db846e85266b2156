import type { QueryClient } from '@tanstack/vue-query'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Component } from 'vue'
import type { Filter } from '../../src/api/types'
import PostList from '../../src/components/post/PostList.vue'
import BookmarksPage from '../../src/pages/BookmarksPage.vue'
import { changePost } from '../../src/queries/cache'
import { insertPost, removePost } from '../../src/queries/listChanges'
import { keys } from '../../src/queries/keys'
import { useToasts } from '../../src/composables/useToasts'
import { useTimeline } from '../../src/queries/timeline'
import { server } from '../msw'
import { blogOf, eventually, scrollDown, shown } from './mounted'

let site: ReturnType<typeof blogOf>
beforeEach(() => void (site = blogOf()))

const published = (body: string) => site.asPost(site.blog.publish(site.bob, { body }))
const liked = <T>(post: T) => ({ ...post, liked: true, likeCount: 1 })

/** The response to the next request for a list is read at once, and sent when `respond` is called. */
function slowList() {
  let respond!: () => void
  const released = new Promise<void>((done) => (respond = done))
  const requested = new Promise<void>((done) =>
    server.use(
      http.get(
        '*/api/cbv/posts/',
        async ({ request }) => {
          const response = await site.handle(request)
          done()
          await released
          return response
        },
        { once: true },
      ),
    ),
  )
  return { requested, respond }
}

/** Return a function that looks again for what is newer in a list, as soon as that is loaded. */
const lookAgain = (client: QueryClient, filter: Filter) => async () => {
  const queryKey = keys.newPosts(filter)
  await eventually(() => expect(client.getQueryState(queryKey)).toBeDefined())
  await client.refetchQueries({ queryKey })
}

describe('a list', () => {
  const list = async () => {
    const { wrapper, client } = await shown(PostList, { filter: {}, empty: 'Nothing' })
    const bodies = () => wrapper.findAll('.post-body').map((body) => body.text())
    const pill = () => wrapper.find('button.rounded-full')
    const look = lookAgain(client, {})
    return { wrapper, client, bodies, pill, look }
  }

  it('that is being fetched does not miss a post that is published during the request', async () => {
    const { requested, respond } = slowList()
    const { client, bodies } = await list()
    await requested
    insertPost(client, published('New'))
    respond()
    await eventually(() => expect(bodies()).toEqual(['New']))
  })

  it('that has a new post already shows it once', async () => {
    const post = published('Once')
    const { client, bodies } = await list()
    await eventually(() => expect(bodies()).toEqual(['Once']))
    insertPost(client, post)
    insertPost(client, published('Then'))
    await eventually(() => expect(bodies()).toEqual(['Then', 'Once']))
  })

  it('does not count a deleted post as new', async () => {
    published('Old')
    const { client, bodies, pill, look } = await list()
    await eventually(() => expect(bodies()).toEqual(['Old']))
    const gone = published('Gone')
    await look()
    await eventually(() => expect(pill().text()).toContain('1 new post'))
    site.blog.posts.pop()
    removePost(client, gone.id)
    await eventually(() => expect(pill().exists()).toBe(false))
  })

  it('shows new posts without undoing later changes', async () => {
    const old = published('Old')
    const { wrapper, client, bodies, pill, look } = await list()
    await eventually(() => expect(bodies()).toEqual(['Old']))
    published('New')
    await look()
    changePost(client, old.id, liked)
    insertPost(client, published('Mine'))
    await eventually(() => expect(pill().text()).toContain('1 new post'))
    await pill().trigger('click')
    await eventually(() => expect(bodies()).toEqual(['Mine', 'New', 'Old']))
    expect(wrapper.findAll('article').at(-1)?.text()).toContain('1')
  })
})

describe('the next look at a list', () => {
  const list = async (page: Component = PostList, filter: Filter = {}) => {
    const { wrapper, client } = await shown(
      page,
      page === PostList ? { filter, empty: 'Nothing' } : {},
    )
    const bodies = () => wrapper.findAll('.post-body').map((body) => body.text())
    const look = lookAgain(client, filter)
    const requests: URL[] = []
    server.use(
      http.get('*/api/cbv/posts/', ({ request }) => void requests.push(new URL(request.url))),
    )
    return { wrapper, client, bodies, look, requests }
  }
  const fiftyPosts = () => Array.from({ length: 50 }, (_, n) => published(`Post ${n}`)).reverse()

  it('removes what was deleted elsewhere, and shows what was edited', async () => {
    published('First')
    const second = published('Second')
    const third = published('Third')
    const { bodies, look } = await list()
    await eventually(() => expect(bodies()).toEqual(['Third', 'Second', 'First']))
    site.blog.remove(second.id, site.bob)
    site.blog.edit(third.id, site.bob, { body: 'Third, edited' })
    await look()
    await eventually(() => expect(bodies()).toEqual(['Third, edited', 'First']))
  })

  it('sees all that is loaded, in one request unless something is new, and adds nothing by itself', async () => {
    const posts = fiftyPosts()
    const { bodies, look, requests } = await list()
    for (const loaded of [20, 40, 50]) {
      await eventually(() => expect(bodies()).toHaveLength(loaded))
      scrollDown()
    }
    requests.length = 0
    site.blog.remove(posts[45]?.id ?? 0, site.bob)
    published('New')
    published('Newer')
    await look()
    await eventually(() => expect(bodies()).toHaveLength(49))
    expect(bodies()).not.toContain(posts[45]?.body)
    expect(requests.map(({ searchParams }) => searchParams.get('page_size'))).toEqual(['50', '100'])
    requests.length = 0
    await look()
    expect(requests).toHaveLength(1)
  })

  it('finds a post that was committed after a newer one', async () => {
    published('First')
    published('Late')
    const [late] = site.blog.posts.splice(1, 1)
    published('Third')
    const { wrapper, bodies, look } = await list()
    await eventually(() => expect(bodies()).toEqual(['Third', 'First']))
    if (late) site.blog.posts.push(late)
    await look()
    await eventually(() => expect(wrapper.get('button.rounded-full').text()).toBe('1 new post'))
    await wrapper.get('button.rounded-full').trigger('click')
    await eventually(() => expect(bodies()).toEqual(['Third', 'Late', 'First']))
  })

  it('removes a deleted post from the other lists, too, so that it does not come back', async () => {
    published('First')
    const gone = published('Gone')
    const { client, bodies, look } = await list()
    const author = keys.timeline({ author: 'bob' })
    client.setQueryData(author, { pages: [{ posts: [gone], next: null }], pageParams: [null] })
    client.setQueryData(keys.post(gone.id), gone)
    await eventually(() => expect(bodies()).toEqual(['Gone', 'First']))
    site.blog.remove(gone.id, site.bob)
    await look()
    await eventually(() => expect(bodies()).toEqual(['First']))
    expect(client.getQueryData(author)).toMatchObject({ pages: [{ posts: [] }] })
    expect(client.getQueryData(keys.post(gone.id))).toBeUndefined()
  })

  it('does not undo a like that is on its way', async () => {
    const { id } = published('Nice')
    site.actAs(site.alice)
    const { wrapper, look } = await list()
    await eventually(() => expect(wrapper.find('.tool-like').exists()).toBe(true))
    let release!: () => void
    const held = new Promise<void>((done) => (release = done))
    server.use(
      http.put('*/like/', async ({ request }) => {
        await held
        return site.handle(request)
      }),
    )
    const pressed = () => wrapper.get('.tool-like').attributes('aria-pressed')
    await wrapper.get('.tool-like').trigger('click')
    await look()
    expect(pressed()).toBe('true')
    release()
    await eventually(() => expect(site.blog.find(id).marks.like.size).toBe(1))
    await look()
    expect(pressed()).toBe('true')
  })

  it('leaves a bookmark in the list that was removed here, and not one that was removed elsewhere', async () => {
    const [here, there] = [published('Here'), published('There'), published('Not kept')]
    for (const { id } of [here, there]) site.blog.mark(id, site.alice, 'bookmark')
    site.actAs(site.alice)
    const { wrapper, bodies, look } = await list(BookmarksPage, { bookmarked: true })
    await eventually(() => expect(bodies()).toEqual(['There', 'Here']))
    await wrapper.findAll('.tool-bookmark')[1]?.trigger('click')
    await eventually(() => expect(site.blog.find(here.id).marks.bookmark.size).toBe(0))
    expect(wrapper.findAll('.tool-bookmark')[1]?.attributes('aria-pressed')).toBe('false')
    site.blog.mark(there.id, site.alice, 'bookmark', false)
    await look()
    await eventually(() => expect(bodies()).toEqual(['Here']))
  })
})

describe('a like of a post that was deleted elsewhere', () => {
  it('removes the card, and says why', async () => {
    published('First')
    const gone = published('Gone')
    site.actAs(site.alice)
    const { wrapper } = await shown(PostList, { filter: {}, empty: 'Nothing' })
    const bodies = () => wrapper.findAll('.post-body').map((body) => body.text())
    await eventually(() => expect(bodies()).toEqual(['Gone', 'First']))
    site.blog.remove(gone.id, site.bob)
    await wrapper.get('.tool-like').trigger('click')
    await eventually(() => expect(bodies()).toEqual(['First']))
    const { text, tone } = useToasts().toasts.value.at(-1) ?? {}
    expect([text, tone]).toEqual(['This post was deleted.', 'error'])
  })
})

describe('the next page', () => {
  it('does not undo a change during its request', async () => {
    for (let n = 1; n <= 25; n++) published(`Post ${n}`)
    let timeline!: ReturnType<typeof useTimeline>
    const setup = () => ((timeline = useTimeline(() => ({}))), () => null)
    const { client } = await shown({ setup })
    await eventually(() => expect(timeline.posts.value).toHaveLength(20))
    const { requested, respond } = slowList()
    void timeline.fetchNextPage()
    await requested
    changePost(client, timeline.posts.value[0]?.id ?? 0, liked)
    respond()
    await eventually(() => expect(timeline.posts.value).toHaveLength(25))
    expect(timeline.posts.value[0]).toMatchObject({ body: 'Post 25', liked: true })
  })
})

describe('a search that stops before it has found anything', () => {
  it('says how far back it looked, and goes on', async () => {
    const found = published('tea')
    const stopped = {
      results: [],
      previous: null,
      next: '/api/cbv/posts/?cursor=x',
      searched_to: '2025-03-03T12:00:00Z',
    }
    const url = '*/api/cbv/posts/'
    const whole = () => site.handle(new Request('http://localhost/api/cbv/posts/?q=tea'))
    server.use(
      http.get(url, () => HttpResponse.json(stopped), { once: true }),
      http.get(url, whole),
    )
    const { wrapper } = await shown(PostList, {
      filter: { q: 'tea' },
      empty: 'No post contains it',
    })
    await eventually(() => expect(wrapper.text()).toContain('Searched back to 3 Mar 2025.'))
    expect(wrapper.text()).toContain('Nothing found so far.')
    expect(wrapper.text()).not.toContain('No post contains it')
    scrollDown()
    await eventually(() => expect(wrapper.find('.post-body').text()).toBe(found.body))
    expect(wrapper.text()).not.toContain('Searched back')
  })
})
