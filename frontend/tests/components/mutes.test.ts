import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it } from 'vitest'
import PostCard from '../../src/components/post/PostCard.vue'
import PostList from '../../src/components/post/PostList.vue'
import SettingsMutes from '../../src/components/settings/SettingsMutes.vue'
import { useToasts } from '../../src/composables/useToasts'
import { blogOf, eventually, shown } from './mounted'

let site: ReturnType<typeof blogOf>
beforeEach(() => void (site = blogOf()))

const list = async () => (await shown(PostList, { filter: {}, empty: 'Nothing' })).wrapper
const menuItem = async (wrapper: Awaited<ReturnType<typeof list>>, text: string) => {
  await eventually(() => expect(wrapper.find('[aria-haspopup]').exists()).toBe(true))
  const button = wrapper.find('[aria-haspopup]')
  if (button.attributes('aria-expanded') === 'false') await button.trigger('click')
  await eventually(() => expect(wrapper.find('[role=menu]').text()).toContain(text))
  return wrapper.findAll('[role=menuitem]').find((button) => button.text().includes(text))
}

it('a user mutes the author of a post in its menu, and sees it folded', async () => {
  site.blog.publish(site.bob, { body: 'Noise' })
  site.actAs(site.alice)
  const wrapper = await list()
  await (await menuItem(wrapper, 'Mute @bob'))?.trigger('click')
  await eventually(() => expect(wrapper.text()).toContain('A post that you mute.'))
  expect(wrapper.text()).not.toContain('Noise')
  expect(useToasts().toasts.value.at(-1)?.text).toContain('You mute @bob.')
  await wrapper.find('button.link').trigger('click')
  expect(wrapper.text()).toContain('Noise')
  expect(await menuItem(wrapper, 'Unmute @bob')).toBeDefined()
})

it('nobody mutes themselves, and a visitor nobody', async () => {
  const post = site.asPost(site.blog.publish(site.alice, { body: 'Mine' }))
  const visitor = await shown(PostCard, { post })
  expect(visitor.wrapper.find('[aria-haspopup]').exists()).toBe(false)
  site.actAs(site.alice)
  const wrapper = await list()
  await menuItem(wrapper, 'Mute this conversation')
  expect(wrapper.find('[role=menu]').text()).not.toContain('@alice')
})

it('the settings list what is muted, and end it', async () => {
  const post = site.blog.publish(site.bob, { body: 'About tea' })
  site.blog.mutes = [
    { by: site.alice, user: site.bob, conversation: null },
    { by: site.alice, conversation: post.id },
  ]
  site.actAs(site.alice)
  const { wrapper } = await shown(SettingsMutes, {})
  await eventually(() => expect(wrapper.findAll('li')).toHaveLength(2))
  expect(wrapper.text()).toContain('Conversation: “About tea”')
  await wrapper.findAll('button')[0]?.trigger('click')
  await eventually(() => expect(wrapper.findAll('li')).toHaveLength(1))
  await flushPromises()
  expect(site.blog.mutes).toHaveLength(1)
})
