import { beforeEach, expect, it } from 'vitest'
import BookmarksPage from '../../src/pages/BookmarksPage.vue'
import * as session from '../../src/session/session'
import { blogOf, eventually, shown } from './mounted'

let site: ReturnType<typeof blogOf>
beforeEach(() => {
  site = blogOf()
  session.restoring.value = false
})

const bookmark = (body: string) =>
  site.blog.mark(site.blog.publish(site.alice, { body }).id, site.bob, 'bookmark')

it('shows what the user has bookmarked, and keeps it there when the bookmark is removed', async () => {
  site.actAs(site.bob)
  bookmark('Kept')
  site.blog.publish(site.alice, { body: 'Not kept' })
  const { wrapper } = await shown(BookmarksPage)
  const bodies = () => wrapper.findAll('.post-body').map((body) => body.text())
  await eventually(() => expect(bodies()).toEqual(['Kept']))
  await wrapper.get('.tool-bookmark').trigger('click')
  await eventually(() =>
    expect(wrapper.get('.tool-bookmark').attributes('aria-pressed')).toBe('false'),
  )
  expect(bodies()).toEqual(['Kept'])
})

it('leads an anonymous visitor to the login and back', async () => {
  const { router } = await shown(BookmarksPage, {}, '/bookmarks')
  await eventually(() => expect(router.currentRoute.value.name).toBe('login'))
  expect(router.currentRoute.value.query.next).toBe('/bookmarks')
})
