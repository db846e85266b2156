import { nextTick } from 'vue'
import { expect, it } from 'vitest'
import BookmarksPage from '../../src/pages/BookmarksPage.vue'
import InvitationsPage from '../../src/pages/InvitationsPage.vue'
import NotificationsPage from '../../src/pages/NotificationsPage.vue'
import { requireLogin } from '../../src/spa/membersOnly'
import * as session from '../../src/session/session'
import { blogOf, eventually, shown } from './mounted'

const blank = { template: '<p />' }

async function visit(path: string) {
  const { router } = await shown(blank, {}, path)
  await requireLogin(router)
  return router
}

it('leads visitors of a site for members to the login and back', async () => {
  session.restoring.value = false
  const router = await visit('/posts/7?a=b')
  await eventually(() => expect(router.currentRoute.value.name).toBe('login'))
  expect(router.currentRoute.value.query.next).toBe('/posts/7?a=b')
  await router.push('/@alice')
  await eventually(() => expect(router.currentRoute.value.query.next).toBe('/@alice'))
})

it.each([BookmarksPage, InvitationsPage, NotificationsPage])(
  'leads visitors of a page that needs a login to it and back',
  async (page) => {
    session.restoring.value = false
    const { router } = await shown(page, {}, '/x')
    await eventually(() => expect(router.currentRoute.value.name).toBe('login'))
    expect(router.currentRoute.value.query.next).toBe('/x')
  },
)

it('lets visitors sign up there', async () => {
  session.restoring.value = false
  const router = await visit('/register')
  await nextTick()
  expect(router.currentRoute.value.name).toBe('register')
})

it('lets members read, and waits until it knows who it is', async () => {
  const site = blogOf()
  session.restoring.value = true
  const router = await visit('/posts/7')
  await nextTick()
  expect(router.currentRoute.value.name).toBe('post')
  site.actAs(site.bob)
  session.restoring.value = false
  await nextTick()
  expect(router.currentRoute.value.name).toBe('post')
  session.endLocalSession()
  await eventually(() => expect(router.currentRoute.value.name).toBe('login'))
})
