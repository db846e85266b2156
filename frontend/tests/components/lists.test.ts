import { http } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import PostList from '../../src/components/post/PostList.vue'
import { insertPost, patchPost, removePost } from '../../src/queries/cache'
import { keys } from '../../src/queries/keys'
import { useTimeline } from '../../src/queries/timeline'
import { server } from '../msw'
import { blogOf, eventually, shown } from './mounted'

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

describe('a list', () => {
  const list = async () => {
    const { wrapper, client } = await shown(PostList, { filter: {}, empty: 'Nothing' })
    const bodies = () => wrapper.findAll('.post-body').map((body) => body.text())
    const pill = () => wrapper.find('button.rounded-full')
    const look = () => client.refetchQueries({ queryKey: keys.newPosts({}) })
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
    patchPost(client, old.id, liked)
    insertPost(client, published('Mine'))
    await eventually(() => expect(pill().text()).toContain('1 new post'))
    await pill().trigger('click')
    await eventually(() => expect(bodies()).toEqual(['Mine', 'New', 'Old']))
    expect(wrapper.findAll('article').at(-1)?.text()).toContain('1')
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
    patchPost(client, timeline.posts.value[0]?.id ?? 0, liked)
    respond()
    await eventually(() => expect(timeline.posts.value).toHaveLength(25))
    expect(timeline.posts.value[0]).toMatchObject({ body: 'Post 25', liked: true })
  })
})
