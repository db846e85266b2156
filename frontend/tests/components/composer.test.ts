import { HttpResponse, http } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import EditDialog from '../../src/components/composer/EditDialog.vue'
import PostComposer from '../../src/components/composer/PostComposer.vue'
import * as session from '../../src/session/session'
import { server } from '../msw'
import { blogOf, eventually, shown } from './mounted'

let site: ReturnType<typeof blogOf>
beforeEach(() => {
  site = blogOf()
  site.actAs(site.alice)
})

describe('the composer', () => {
  async function written(text: string) {
    const { wrapper } = await shown(PostComposer)
    await wrapper.get('textarea').trigger('focusin')
    await wrapper.get('textarea').setValue(text)
    await eventually(() => expect(wrapper.find('button[type=submit]').exists()).toBe(true))
    return wrapper
  }

  it('loads its tools at the first interaction', async () => {
    const { wrapper } = await shown(PostComposer)
    expect(wrapper.find('button').exists()).toBe(false)
    await wrapper.get('textarea').trigger('focusin')
    await eventually(() => expect(wrapper.find('input[type=file]').exists()).toBe(true))
  })

  it('publishes, and is empty for the next post', async () => {
    const wrapper = await written('Hello')
    await wrapper.get('form').trigger('submit')
    await eventually(() => expect(site.blog.posts.map(({ body }) => body)).toEqual(['Hello']))
    await eventually(() => expect(wrapper.get('textarea').element.value).toBe(''))
  })

  it('publishes what was submitted before its tools were loaded', async () => {
    const { wrapper } = await shown(PostComposer)
    await wrapper.get('textarea').setValue('Typed fast')
    await wrapper.get('textarea').trigger('keydown', { key: 'Enter', ctrlKey: true })
    await eventually(() => expect(site.blog.posts.map(({ body }) => body)).toEqual(['Typed fast']))
  })

  describe('offers people while one types @', () => {
    async function typed(text: string) {
      const wrapper = await written(text)
      const field = wrapper.get('textarea')
      field.element.setSelectionRange(text.length, text.length)
      await field.trigger('input')
      return { wrapper, field }
    }
    const options = (wrapper: Awaited<ReturnType<typeof written>>) =>
      wrapper.findAll('[role=option] bdi').map((name) => name.text())

    it('and puts the one that is chosen by keyboard into the text', async () => {
      site.blog.person('bobby', { displayName: 'Robert' })
      const { wrapper, field } = await typed('Hello @bo')
      await eventually(() => expect(options(wrapper)).toEqual(['bob', 'Robert']))
      const list = wrapper.get('[role=listbox]')
      expect(field.attributes('aria-controls')).toBe(list.attributes('id'))
      const marked = () => wrapper.find(`#${field.attributes('aria-activedescendant')}`)
      expect(marked().text()).toContain('@bob')
      await field.trigger('keydown', { key: 'ArrowDown' })
      expect(marked().text()).toContain('@bobby')
      expect(marked().attributes('aria-selected')).toBe('true')
      await field.trigger('keydown', { key: 'Enter' })
      expect(field.element.value).toBe('Hello @bobby ')
      expect(wrapper.find('[role=listbox]').exists()).toBe(false)
      expect(field.attributes()).not.toHaveProperty('aria-activedescendant')
      await wrapper.get('form').trigger('submit')
      await eventually(() => expect(site.blog.posts[0]?.body).toBe('Hello @bobby'))
    })

    it('by a click, too, and closes with Escape', async () => {
      const { wrapper, field } = await typed('@al')
      await eventually(() => expect(options(wrapper)).toHaveLength(1))
      await field.trigger('keydown', { key: 'Escape' })
      expect(wrapper.find('[role=listbox]').exists()).toBe(false)
      await field.trigger('input')
      await eventually(() => expect(options(wrapper)).toHaveLength(1))
      await wrapper.get('[role=option]').trigger('click')
      expect(field.element.value).toBe('@alice ')
    })

    it.each(['al', 'x@al', '@', '@al ', '@@al'])('but not after %j', async (text) => {
      const { wrapper } = await typed(text)
      await new Promise((resolve) => setTimeout(resolve, 400))
      expect(wrapper.find('[role=listbox]').exists()).toBe(false)
    })
  })

  it('does not publish without a name what a user wrote, when their session has ended', async () => {
    const ends = session.sessionEndsElsewhere.value
    const wrapper = await written('Half a thought')
    site.tokens.lifetime = 1
    site.actAs(site.alice)
    await wrapper.get('form').trigger('submit')
    await eventually(() => expect(session.sessionEndsElsewhere.value).toBe(ends + 1))
    await eventually(() => expect(wrapper.find('[aria-busy=true]').exists()).toBe(false))
    expect(site.blog.posts).toEqual([])
    expect(Object.values(localStorage).join()).toContain('Half a thought')
  })

  it('counts as the server does, and does not send too much', async () => {
    const wrapper = await written('👍'.repeat(281))
    expect(wrapper.text()).toContain('1 character too many')
    expect(wrapper.get('button[type=submit]').attributes()).toHaveProperty('disabled')
    expect(wrapper.get('textarea').attributes('aria-invalid')).toBe('true')
  })

  it('shows the error of the server, and keeps the text', async () => {
    server.use(
      http.post('*/api/cbv/posts/', () =>
        HttpResponse.json({ body: ['Not today.'] }, { status: 400 }),
      ),
    )
    const wrapper = await written('Hello')
    await wrapper.get('form').trigger('submit')
    await eventually(() => expect(wrapper.text()).toContain('Not today.'))
    expect(wrapper.get('textarea').element.value).toBe('Hello')
  })
})

describe('an edit', () => {
  async function stale() {
    const stored = site.blog.publish(site.alice, { body: 'First' })
    const { wrapper } = await shown(EditDialog, { post: site.asPost(stored, site.alice) })
    await wrapper.get('textarea').setValue('Here')
    site.blog.edit(stored.id, site.alice, { body: 'There' })
    await wrapper.get('form').trigger('submit')
    await eventually(() => expect(wrapper.find('blockquote').exists()).toBe(true))
    return { wrapper, stored }
  }

  it('that is stale shows both texts', async () => {
    const { wrapper, stored } = await stale()
    expect(wrapper.get('blockquote').text()).toBe('There')
    expect(wrapper.get('textarea').element.value).toBe('Here')
    expect(stored.body).toBe('There')
  })

  it('can overwrite the other', async () => {
    const { wrapper, stored } = await stale()
    await wrapper.get('[role=alert] .btn-primary').trigger('click')
    await eventually(() => expect(stored.body).toBe('Here'))
    await eventually(() => expect(wrapper.emitted('close')).toHaveLength(1))
  })

  it('can be discarded for the other', async () => {
    const { wrapper, stored } = await stale()
    await wrapper.get('[role=alert] .btn:not(.btn-primary)').trigger('click')
    await eventually(() => expect(wrapper.emitted('close')).toHaveLength(1))
    expect(stored.body).toBe('There')
  })
})
