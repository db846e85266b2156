import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import UnreadCount from '../../src/components/nav/UnreadCount.vue'
import { setTitle, titleCount } from '../../src/composables/usePageTitle'
import { setLanguage } from '../../src/i18n/t'
import NotificationsPage from '../../src/pages/NotificationsPage.vue'
import { keys } from '../../src/queries/keys'
import { useUnread } from '../../src/queries/unread'
import * as session from '../../src/session/session'
import type { User } from '../mock/blog'
import { countUnread } from '../mock/notifications'
import { blogOf, eventually, scrollDown, shown } from './mounted'

let site: ReturnType<typeof blogOf>
beforeEach(() => {
  site = blogOf()
  session.restoring.value = false
  site.actAs(site.alice)
})

const like = (id: number, ...users: User[]) =>
  users.forEach((user) => site.blog.mark(id, user, 'like'))

async function page() {
  const { wrapper, ...others } = await shown(NotificationsPage, {}, '/notifications')
  const items = () => wrapper.findAll('article')
  const sentences = () => items().map((item) => item.get('p').text().replace(/\s+/g, ' '))
  return { wrapper, items, sentences, ...others }
}

describe('the notifications', () => {
  it('say who did what, newest first, likes of one post in one sentence', async () => {
    const post = site.blog.publish(site.alice, { body: 'Mine' })
    site.blog.publish(site.bob, { body: 'For @alice' })
    site.blog.publish(null, { body: 'No name', inReplyTo: post.id })
    const [carol, dave] = [site.blog.person('carol'), site.blog.person('dave')]
    like(post.id, carol, dave, site.bob)
    const other = site.blog.publish(site.alice, { body: 'Another' })
    like(other.id, site.bob, carol)
    like(site.blog.publish(site.alice, { body: 'A third' }).id, carol)
    const { sentences, items } = await page()
    await eventually(() =>
      expect(sentences()).toEqual([
        'New: carol liked your post',
        'New: carol and 1 other liked your post',
        'New: bob and 2 others liked your post',
        'New: Anonymous replied to you',
        'New: bob mentioned you',
      ]),
    )
    const [first, , , reply] = items()
    expect(first?.get('.post-author').attributes('href')).toBe('/@carol')
    expect(first?.get('.post-body').text()).toBe('A third')
    expect(reply?.get('a.post-when').attributes('href')).toBe(`/posts/${post.id + 2}`)
    expect(first?.attributes('aria-labelledby')).toBe(first?.get('p').attributes('id'))
  })

  it('are in German for who reads German', async () => {
    const post = site.blog.publish(site.alice, { body: 'Mein Beitrag' })
    like(post.id, site.blog.person('carol'), site.bob)
    await setLanguage('de')
    const { wrapper, sentences } = await page()
    const text = 'Neu: bob und einer weiteren Person gefällt dein Beitrag'
    await eventually(() => expect(sentences()).toEqual([text]))
    expect(wrapper.get('h1').text()).toBe('Hinweise')
    await setLanguage('en')
  })

  it('are read once they are seen, and still shown as new', async () => {
    site.blog.publish(site.bob, { body: 'For @alice' })
    const { sentences, client } = await page()
    await eventually(() => expect(countUnread(site.blog, site.alice)).toBe(0))
    await eventually(() => expect(client.getQueryData(keys.unread())).toBe(0))
    expect(sentences()).toEqual(['New: bob mentioned you'])
    const again = await page()
    await eventually(() => expect(again.sentences()).toEqual(['bob mentioned you']))
  })

  it('stay unread in a tab that is not in view', async () => {
    site.blog.publish(site.bob, { body: 'For @alice' })
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    const { sentences } = await page()
    await eventually(() => expect(sentences()).toHaveLength(1))
    expect(countUnread(site.blog, site.alice)).toBe(1)
    visibility.mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    await eventually(() => expect(countUnread(site.blog, site.alice)).toBe(0))
  })

  it('offer what is new, and read it when it is shown', async () => {
    site.blog.publish(site.bob, { body: 'For @alice' })
    const { wrapper, sentences, client } = await page()
    await eventually(() => expect(client.getQueryData(keys.unread())).toBe(0))
    site.blog.publish(site.bob, { body: 'Again, @alice' })
    site.blog.publish(site.bob, { body: 'And again, @alice' })
    await client.refetchQueries({ queryKey: keys.unread() })
    const pill = () => wrapper.find('button.rounded-full')
    await eventually(() => expect(pill().text()).toBe('2 new notifications'))
    expect(sentences()).toHaveLength(1)
    await pill().trigger('click')
    await eventually(() => expect(sentences()).toHaveLength(3))
    await eventually(() => expect(countUnread(site.blog, site.alice)).toBe(0))
    await eventually(() => expect(pill().exists()).toBe(false))
  })

  it('load page by page', async () => {
    for (let n = 0; n < 25; n++) site.blog.publish(site.bob, { body: `@alice ${n}` })
    const { items, wrapper } = await page()
    await eventually(() => expect(items()).toHaveLength(20))
    await nextTick()
    scrollDown()
    await eventually(() => expect(items()).toHaveLength(25))
    await eventually(() => expect(wrapper.text()).toContain('kept for 90 days'))
  })

  it('say what they will be when there are none', async () => {
    const { wrapper } = await page()
    await eventually(() => expect(wrapper.text()).toContain('Nothing yet.'))
  })

  it('are read by keyboard', async () => {
    const post = site.blog.publish(site.bob, { body: 'For @alice' })
    const { items, router } = await page()
    await eventually(() => expect(items()).toHaveLength(1))
    const press = (key: string) =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
    press('j')
    expect(document.activeElement).toBe(items()[0]?.element)
    press('o')
    await eventually(() => expect(router.currentRoute.value.path).toBe(`/posts/${post.id}`))
  })

  it('lead an anonymous visitor to the login and back', async () => {
    session.accessToken.value = null
    const { router } = await page()
    await eventually(() => expect(router.currentRoute.value.name).toBe('login'))
    expect(router.currentRoute.value.query.next).toBe('/notifications')
  })
})

describe('the unread count', () => {
  const Bell = {
    components: { UnreadCount },
    template: '<a href="/">Notifications <UnreadCount :count="unreadText" /></a>',
    setup: () => useUnread(),
  }
  const unread = (count: number) => {
    for (let n = 0; n < count; n++) site.blog.publish(site.bob, { body: `@alice ${n}` })
  }

  it.each([
    [3, '3', '3 unread'],
    [99, '99', '99 unread'],
    [120, '99+', '99+ unread'],
  ])('of %i is shown as %s, with a name', async (count, text, name) => {
    unread(count)
    const { wrapper } = await shown(Bell)
    await eventually(() => expect(wrapper.find('.count').exists()).toBe(true))
    expect(wrapper.get('.count').text()).toBe(text)
    expect(wrapper.get('.sr-only').text()).toBe(name)
  })

  it('is not shown for none, and not asked for by a visitor', async () => {
    session.accessToken.value = null
    const { wrapper, client } = await shown(Bell)
    await nextTick()
    expect(wrapper.text()).toBe('Notifications')
    expect(client.getQueryState(keys.unread())?.fetchStatus).toBe('idle')
  })

  it('stands before the title of the page', () => {
    setTitle('Settings')
    titleCount.value = '3'
    expect(document.title).toBe('(3) Settings · μblog')
    setTitle('')
    expect(document.title).toBe('(3) μblog')
    titleCount.value = ''
    expect(document.title).toBe('μblog')
  })
})
