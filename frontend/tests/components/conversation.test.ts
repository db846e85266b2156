import type { QueryClient } from '@tanstack/vue-query'
import { HttpResponse, http } from 'msw'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import PostCard from '../../src/components/post/PostCard.vue'
import PostList from '../../src/components/post/PostList.vue'
import { closeToast, useToasts } from '../../src/composables/useToasts'
import { focusRequest } from '../../src/composables/useFocusRequest'
import AuthorPage from '../../src/pages/AuthorPage.vue'
import PostPage from '../../src/pages/PostPage.vue'
import { insertPost } from '../../src/queries/listChanges'
import { keys } from '../../src/queries/keys'
import { pendingDeletions } from '../../src/queries/pendingDeletions'
import { server } from '../msw'
import type { Stored } from '../mock/blog'
import { blogOf, eventually, shown } from './mounted'

let site: ReturnType<typeof blogOf>
let question: Stored
beforeEach(() => {
  site = blogOf()
  site.actAs(site.alice)
  question = site.blog.publish(site.bob, { body: 'Question' })
  focusRequest.value = null
  pendingDeletions.clear()
})

const reply = (body: string, to = question, by = site.alice) =>
  site.blog.publish(by, { body, inReplyTo: to.id })
type Wrapper = Awaited<ReturnType<typeof shown>>['wrapper']
const textsIn = (wrapper: Wrapper) =>
  wrapper
    .findAll('article')
    .map((card) => (card.find('.post-body').exists() ? card.get('.post-body').text() : card.text()))
const press = (key: string) =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))

async function pageOf(post: Stored) {
  const { wrapper, ...others } = await shown(PostPage, { id: post.id }, `/posts/${post.id}`)
  const texts = () => textsIn(wrapper)
  const write = async (text: string) => {
    await wrapper.get('textarea').trigger('focusin')
    await wrapper.get('textarea').setValue(text)
    await eventually(() => expect(wrapper.find('button[type=submit]').exists()).toBe(true))
  }
  const send = () => wrapper.get('form').trigger('submit')
  /** Choose Delete in the menu of the card with the text. */
  const remove = async (text: string) => {
    const card = () => wrapper.findAll('article').find((item) => item.text().includes(text))
    await eventually(() => expect(card()?.find('[aria-haspopup]').exists()).toBe(true))
    await card()?.get('button.text-error').trigger('click')
  }
  return { wrapper, texts, write, send, remove, ...others }
}
const letDelete = () => [...pendingDeletions.values()].forEach(closeToast)

describe('the page of a post', () => {
  it('shows what it replies to, the post, and its replies, oldest first', async () => {
    const opinion = reply('Opinion')
    reply('First', opinion)
    reply('Second', opinion)
    reply('Elsewhere')
    const { wrapper, texts } = await pageOf(opinion)
    await eventually(() => expect(texts()).toEqual(['Question', 'Opinion', 'First', 'Second']))
    expect(wrapper.text()).not.toContain('In reply to another post')
    expect(wrapper.text()).toContain('Reply to Alice')
  })

  it('leads to the start of a conversation of which it shows a part', async () => {
    let last = question
    for (let n = 1; n <= 22; n++) last = reply(`Step ${n}`, last)
    const { wrapper, texts } = await pageOf(last)
    await eventually(() => expect(texts().slice(0, 2)).toEqual(['Step 2', 'Step 3'])) // of the 20
    const link = wrapper.findAll('a').find((item) => item.text().startsWith('Go to the start'))
    expect(link?.attributes('href')).toBe(`/posts/${question.id}`)
  })

  it('loads more replies by a button', async () => {
    for (let n = 1; n <= 25; n++) reply(`Reply ${n}`)
    const { wrapper, texts } = await pageOf(question)
    await eventually(() => expect(texts().at(-1)).toBe('Reply 20'))
    const more = wrapper.findAll('button').find((item) => item.text() === 'Show more replies')
    await more?.trigger('click')
    await eventually(() => expect(texts().at(-1)).toBe('Reply 25'))
    expect(texts()).toHaveLength(26)
    expect(wrapper.text()).not.toContain('Show more replies')
  })

  it('offers to load replies again after an error', async () => {
    reply('Reply')
    const path = `*/api/cbv/posts/${question.id}/replies/`
    server.use(http.get(path, () => HttpResponse.json({}, { status: 403 }), { once: true }))
    const { wrapper, texts } = await pageOf(question)
    const retry = () => wrapper.findAll('button').find((item) => item.text() === 'Try again')
    await eventually(() => expect(retry()).toBeDefined())
    expect(texts()).toEqual(['Question'])
    await retry()?.trigger('click')
    await eventually(() => expect(texts()).toEqual(['Question', 'Reply']))
  })

  it('says when a post is not there', async () => {
    site.blog.remove(question.id, site.bob)
    const { wrapper } = await pageOf(question)
    await eventually(() => expect(wrapper.get('h1').text()).toBe('Page not found'))
  })
})

describe('a reply', () => {
  it('is sent, appears below the others, and is counted', async () => {
    reply('Before')
    const { wrapper, texts, write, send } = await pageOf(question)
    await eventually(() => expect(texts()).toEqual(['Question', 'Before']))
    await write('After')
    await send()
    await eventually(() => expect(texts()).toEqual(['Question', 'Before', 'After']))
    expect(site.blog.posts.at(-1)).toMatchObject({ body: 'After', inReplyTo: question.id })
    expect(wrapper.get('textarea').element.value).toBe('')
    expect(wrapper.find('[aria-label="Reply, 2 replies"]').exists()).toBe(true)
  })

  it('stays behind the replies that are not loaded yet', async () => {
    for (let n = 1; n <= 22; n++) reply(`Reply ${n}`)
    const { wrapper, texts, write, send } = await pageOf(question)
    await eventually(() => expect(texts()).toHaveLength(21))
    await write('Mine')
    await send()
    await eventually(() => expect(texts().slice(-2)).toEqual(['Reply 20', 'Mine']))
    const more = wrapper.findAll('button').find((item) => item.text() === 'Show more replies')
    await more?.trigger('click')
    await eventually(() => expect(texts().slice(-3)).toEqual(['Reply 21', 'Reply 22', 'Mine']))
  })

  it('keeps its text when the post is gone, and says so', async () => {
    const { wrapper, texts, write, send } = await pageOf(question)
    await eventually(() => expect(texts()).toEqual(['Question']))
    await write('Too late')
    site.blog.remove(question.id, site.bob)
    await send()
    await eventually(() => expect(wrapper.text()).toContain('This post does not exist any more.'))
    expect(wrapper.get('textarea').element.value).toBe('Too late')
  })

  it('has a draft for each post', async () => {
    const other = site.blog.publish(site.bob, { body: 'Other' })
    const first = await pageOf(question)
    await eventually(() => expect(first.wrapper.find('textarea').exists()).toBe(true))
    await first.wrapper.get('textarea').setValue('Half a thought')
    first.wrapper.unmount()
    const second = await pageOf(other)
    await eventually(() => expect(second.wrapper.find('textarea').exists()).toBe(true))
    await nextTick()
    expect(second.wrapper.get('textarea').element.value).toBe('')
    second.wrapper.unmount()
    const { wrapper } = await pageOf(question)
    await eventually(() => expect(wrapper.get('textarea').element.value).toBe('Half a thought'))
  })

  it('is listed on the page of its author only with replies', async () => {
    reply('Opinion')
    const open = (query: string) =>
      shown(AuthorPage, { username: 'alice' }, `/@alice${query}`).then(({ wrapper }) => wrapper)
    site.blog.publish(site.alice, { body: 'Post' })
    const posts = await open('')
    await eventually(() => expect(textsIn(posts)).toEqual(['Post']))
    const links = posts.findAll('nav a')
    expect(links.map((link) => link.attributes('aria-current'))).toEqual([
      'page',
      undefined,
      undefined,
    ])
    const path = links[1]?.attributes('href') ?? ''
    posts.unmount()
    const all = await open(path.replace('/@alice', ''))
    await eventually(() => expect(textsIn(all)).toEqual(['Post', 'Opinion']))
  })

  it('says where it belongs, outside of its conversation', async () => {
    const { wrapper } = await shown(PostCard, { post: site.asPost(reply('Opinion')) })
    const link = wrapper.findAll('a').find((item) => item.text() === 'In reply to another post')
    expect(link?.attributes('href')).toBe(`/posts/${question.id}`)
  })

  it('goes into no timeline that is without replies', async () => {
    const { wrapper, client } = await shown(PostList, { filter: {}, empty: 'Nothing' })
    await eventually(() => expect(textsIn(wrapper)).toEqual(['Question']))
    insertPost(client, site.asPost(reply('Opinion')))
    await eventually(() =>
      expect(wrapper.find('[aria-label="Reply, 1 reply"]').exists()).toBe(true),
    )
    expect(textsIn(wrapper)).toEqual(['Question'])
  })
})

describe('the composer of a reply', () => {
  async function focused(post: Stored) {
    const page = await pageOf(post)
    await eventually(() => expect(page.wrapper.find('textarea').exists()).toBe(true))
    const field = page.wrapper.get('textarea').element
    field.focus()
    return { ...page, field }
  }

  it('begins with the author and those who are mentioned, without oneself, and the caret after', async () => {
    site.blog.person('carol')
    const post = site.blog.publish(site.bob, { body: 'With @carol, @alice and @bob, not @nobody' })
    const { field } = await focused(post)
    await eventually(() => expect(field.value).toBe('@bob @carol '))
    await eventually(() => expect(field.selectionStart).toBe('@bob @carol '.length))
  })

  it('is empty until it gets the focus, and again when nothing was added', async () => {
    const { wrapper, field } = await focused(question)
    expect(field.value).toBe('')
    await eventually(() => expect(field.value).toBe('@bob '))
    field.blur()
    await eventually(() => expect(field.value).toBe(''))
    expect(JSON.stringify(localStorage)).not.toContain('draft')
    field.focus()
    await eventually(() => expect(field.value).toBe('@bob '))
    await wrapper.get('textarea').setValue('@bob Hello')
    field.blur()
    await nextTick()
    expect(field.value).toBe('@bob Hello')
  })

  it('has nobody to name below a post of oneself or of nobody', async () => {
    for (const author of [site.alice, null]) {
      const { wrapper, field } = await focused(site.blog.publish(author, { body: 'Mine' }))
      await eventually(() => expect(wrapper.find('button[type=submit]').exists()).toBe(true))
      await nextTick()
      expect(field.value).toBe('')
      wrapper.unmount()
    }
  })

  it('restores a draft instead', async () => {
    const first = await focused(question)
    await first.wrapper.get('textarea').setValue('Half a thought')
    first.wrapper.unmount()
    const { field } = await focused(question)
    await eventually(() => expect(field.value).toBe('Half a thought'))
  })

  it('names as many as leave room for a text', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `somebody_${n}`)
    for (const name of names) site.blog.person(name)
    const body = names
      .map((name) => `@${name}`)
      .join(' ')
      .slice(0, 280)
    const { field } = await focused(site.blog.publish(site.bob, { body }))
    await eventually(() => expect(field.value).toMatch(/^@bob @somebody_0 /))
    expect(field.value.length).toBeLessThanOrEqual(140)
  })
})

describe('the reply button', () => {
  it('has the count in its name, and shows none for no replies', async () => {
    const { wrapper } = await shown(PostCard, { post: site.asPost(question) })
    const button = () => wrapper.get('[aria-label^="Reply"]')
    expect([button().attributes('aria-label'), button().text()]).toEqual(['Reply, 0 replies', ''])
    reply('Opinion')
    await wrapper.setProps({ post: site.asPost(question) })
    expect([button().attributes('aria-label'), button().text()]).toEqual(['Reply, 1 reply', '1'])
  })

  it('leads to the composer of the post', async () => {
    const { wrapper, router } = await shown(PostCard, { post: site.asPost(question) })
    await wrapper.get('[aria-label^="Reply"]').trigger('click')
    await eventually(() => expect(router.currentRoute.value.path).toBe(`/posts/${question.id}`))
    expect(focusRequest.value).toBe('reply')
    wrapper.unmount()
    const page = await pageOf(question)
    await eventually(() =>
      expect(document.activeElement).toBe(page.wrapper.find('textarea').element),
    )
    expect(focusRequest.value).toBeNull()
  })

  it('is pressed by the key r, on the current post', async () => {
    const { wrapper, router } = await shown(PostList, { filter: {}, empty: 'Nothing' })
    await eventually(() => expect(textsIn(wrapper)).toEqual(['Question']))
    press('j')
    press('r')
    await eventually(() => expect(router.currentRoute.value.path).toBe(`/posts/${question.id}`))
    expect(focusRequest.value).toBe('reply')
  })

  it('of the page is pressed by r at once, and of another post after j', async () => {
    const opinion = reply('Opinion')
    const { texts, router } = await pageOf(question)
    await eventually(() => expect(texts()).toEqual(['Question', 'Opinion']))
    press('r')
    await eventually(() => expect(document.activeElement?.tagName).toBe('TEXTAREA'))
    ;(document.activeElement as HTMLElement).blur()
    press('j')
    press('r')
    await eventually(() => expect(router.currentRoute.value.path).toBe(`/posts/${opinion.id}`))
  })
})

describe('the next look at a conversation', () => {
  const look = ({ client }: { client: QueryClient }) =>
    client.refetchQueries({ queryKey: keys.all, type: 'active' })

  it('shows what was written, edited and deleted elsewhere', async () => {
    const [first, second] = [reply('First'), reply('Second')]
    const page = await pageOf(question)
    await eventually(() => expect(page.texts()).toEqual(['Question', 'First', 'Second']))
    site.blog.edit(question.id, site.bob, { body: 'Question?' })
    site.blog.edit(first.id, site.alice, { body: 'First!' })
    site.blog.remove(second.id, site.alice)
    reply('Third')
    await look(page)
    await eventually(() => expect(page.texts()).toEqual(['Question?', 'First!', 'Third']))
  })

  it('keeps a reply that is being written to a post that was deleted', async () => {
    const page = await pageOf(question)
    await eventually(() => expect(page.texts()).toEqual(['Question']))
    await page.write('Too late')
    site.blog.remove(question.id, site.bob)
    await look(page)
    await eventually(() => expect(page.texts()).toEqual(['This post was deleted.']))
    expect(page.wrapper.get('textarea').element.value).toBe('Too late')
    expect(page.wrapper.find('[role=alert]').exists()).toBe(false)
    await page.send()
    await eventually(() =>
      expect(page.wrapper.text()).toContain('This post does not exist any more.'),
    )
  })

  it('removes the deleted post from the timeline as well', async () => {
    const page = await pageOf(question)
    await eventually(() => expect(page.texts()).toEqual(['Question']))
    const timeline = keys.timeline({})
    const posts = [site.asPost(question)]
    page.client.setQueryData(timeline, { pages: [{ posts, next: null }], pageParams: [null] })
    site.blog.remove(question.id, site.bob)
    await look(page)
    await eventually(() => expect(page.wrapper.find('textarea').exists()).toBe(false))
    expect(page.client.getQueryData(timeline)).toMatchObject({ pages: [{ posts: [] }] })
  })

  it('leaves a post alone while it is edited', async () => {
    const opinion = reply('Opinion')
    const page = await pageOf(question)
    const edit = () => page.wrapper.findAll('[role=menuitem]').find((at) => at.text() === 'Edit')
    await eventually(() => expect(edit()).toBeDefined())
    await edit()?.trigger('click')
    await eventually(() => expect(page.wrapper.find('dialog textarea').exists()).toBe(true))
    await page.wrapper.get('dialog textarea').setValue('Opinion, at length')
    site.blog.remove(opinion.id, site.alice)
    await page.client.refetchQueries({ queryKey: keys.replies(question.id) })
    expect(page.wrapper.get<HTMLTextAreaElement>('dialog textarea').element.value).toBe(
      'Opinion, at length',
    )
  })
})

describe('a deleted post', () => {
  it('is a placeholder where it has replies, without a composer', async () => {
    const opinion = reply('Opinion')
    reply('To it', opinion)
    site.blog.remove(opinion.id, site.alice)
    const { wrapper, texts } = await pageOf(opinion)
    await eventually(() => expect(texts()).toEqual(['Question', 'This post was deleted.', 'To it']))
    expect(wrapper.find('textarea').exists()).toBe(false)
    expect(document.title).toContain('This post was deleted.')
  })

  it('that has no replies disappears at once, can be taken back, and is not counted', async () => {
    reply('Opinion')
    const { wrapper, texts, remove } = await pageOf(question)
    await eventually(() => expect(texts()).toEqual(['Question', 'Opinion']))
    await remove('Opinion')
    await eventually(() => expect(texts()).toEqual(['Question']))
    useToasts().toasts.value.at(-1)?.action?.run()
    await eventually(() => expect(texts()).toEqual(['Question', 'Opinion']))
    await remove('Opinion')
    letDelete()
    await eventually(() =>
      expect(wrapper.find('[aria-label="Reply, 0 replies"]').exists()).toBe(true),
    )
    expect(texts()).toEqual(['Question'])
    expect(site.blog.posts).toEqual([question])
  })

  it('that has replies becomes a placeholder at once, in its place', async () => {
    reply('To it', reply('Opinion'))
    reply('Another')
    const { wrapper, texts, remove } = await pageOf(question)
    await eventually(() => expect(texts()).toEqual(['Question', 'Opinion', 'Another']))
    await remove('Opinion')
    const after = ['Question', expect.stringContaining('This post was deleted.'), 'Another']
    await eventually(() => expect(texts()).toEqual(after))
    letDelete()
    await eventually(() =>
      expect(wrapper.find('[aria-label="Reply, 1 reply"]').exists()).toBe(true),
    )
    expect(texts()).toEqual(after)
  })

  it('leaves the page to its replies, or to the post that it replied to', async () => {
    const opinion = reply('Opinion')
    const to = reply('To it', opinion)
    const parent = await pageOf(opinion)
    await eventually(() => expect(parent.texts()).toEqual(['Question', 'Opinion', 'To it']))
    await parent.remove('Opinion')
    await eventually(() => expect(parent.texts()[1]).toBe('This post was deleted.'))
    expect(parent.router.currentRoute.value.path).toBe(`/posts/${opinion.id}`)
    useToasts().toasts.value.at(-1)?.action?.run()
    parent.wrapper.unmount()
    const leaf = await pageOf(to)
    await eventually(() => expect(leaf.texts()).toEqual(['Question', 'Opinion', 'To it']))
    await leaf.remove('To it')
    await eventually(() => expect(leaf.router.currentRoute.value.path).toBe(`/posts/${opinion.id}`))
  })

  it('goes with the last of its replies', async () => {
    const opinion = reply('Opinion')
    const last = reply('To it', opinion)
    site.blog.remove(opinion.id, site.alice)
    const { wrapper, texts, remove } = await pageOf(opinion)
    await eventually(() => expect(texts()).toEqual(['Question', 'This post was deleted.', 'To it']))
    await remove('To it')
    letDelete()
    await eventually(() => expect(wrapper.get('h1').text()).toBe('Page not found'))
    expect(site.blog.posts.map(({ id }) => id)).not.toContain(last.id)
  })
})
