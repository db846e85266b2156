import { http } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import PostList from '../../src/components/post/PostList.vue'
import { insertPost, patchPost, removePost } from '../../src/queries/cache'
import { useTimeline } from '../../src/queries/timeline'
import { keys } from '../../src/queries/keys'
import { server } from '../msw'
import { blogOf, eventually, shown } from './mounted'

let site: ReturnType<typeof blogOf>
beforeEach(() => void (site = blogOf()))

const published = (body: string) => site.asPost(site.blog.publish(site.bob, { body }))
const liked = <T>(post: T) => ({ ...post, liked: true, likeCount: 1 })

/** The next list says what there is when it is asked for, but only later. */
function slowList() {
  let answer!: () => void
  const told = new Promise<void>((done) => (answer = done))
  const asked = new Promise<void>((heard) =>
    server.use(
      http.get(
        '*/api/cbv/posts/',
        async ({ request }) => {
          const response = await site.handle(request)
          heard()
          await told
          return response
        },
        { once: true },
      ),
    ),
  )
  return { asked, answer }
}

describe('a list', () => {
  const list = async () => {
    const { wrapper, client } = await shown(PostList, { filter: {}, empty: 'Nothing' })
    const bodies = () => wrapper.findAll('.post-body').map((body) => body.text())
    const pill = () => wrapper.find('button.rounded-full')
    const look = () => client.refetchQueries({ queryKey: keys.newPosts({}) })
    return { wrapper, client, bodies, pill, look }
  }

  it('that is being read does not miss what was written meanwhile', async () => {
    const { asked, answer } = slowList()
    const { client, bodies } = await list()
    await asked
    insertPost(client, published('Meanwhile'))
    answer()
    await eventually(() => expect(bodies()).toEqual(['Meanwhile']))
  })

  it('that has a new post already shows it once', async () => {
    const post = published('Once')
    const { client, bodies } = await list()
    await eventually(() => expect(bodies()).toEqual(['Once']))
    insertPost(client, post)
    insertPost(client, published('Then'))
    await eventually(() => expect(bodies()).toEqual(['Then', 'Once']))
  })

  it('does not offer as new what was deleted', async () => {
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

  it('shows new posts without forgetting what was changed since they were found', async () => {
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
  it('does not undo what was changed while it was read', async () => {
    for (let n = 1; n <= 25; n++) published(`Post ${n}`)
    let feed!: ReturnType<typeof useTimeline>
    const setup = () => ((feed = useTimeline(() => ({}))), () => null)
    const { client } = await shown({ setup })
    await eventually(() => expect(feed.posts.value).toHaveLength(20))
    const { asked, answer } = slowList()
    void feed.fetchNextPage()
    await asked
    patchPost(client, feed.posts.value[0]?.id ?? 0, liked)
    answer()
    await eventually(() => expect(feed.posts.value).toHaveLength(25))
    expect(feed.posts.value[0]).toMatchObject({ body: 'Post 25', liked: true })
  })
})
