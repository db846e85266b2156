import { HttpResponse, http } from 'msw'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { getMe } from '../../src/api/me'
import SettingsNotifications from '../../src/components/settings/SettingsNotifications.vue'
import SettingsSessions from '../../src/components/settings/SettingsSessions.vue'
import ActivatePage from '../../src/pages/ActivatePage.vue'
import AuthorPage from '../../src/pages/AuthorPage.vue'
import LoginPage from '../../src/pages/LoginPage.vue'
import RegisterPage from '../../src/pages/RegisterPage.vue'
import { loggedIn } from '../../src/session/session'
import { server } from '../msw'
import { blogOf, eventually, shown } from './mounted'

let site: ReturnType<typeof blogOf>
beforeEach(() => void (site = blogOf()))

describe('the login form', () => {
  async function fill(password: string, path = '/login?next=/@bob') {
    const made = await shown(LoginPage, {}, path)
    await made.wrapper.get('input[type=email]').setValue('alice@example.org')
    await made.wrapper.get('input[type=password]').setValue(password)
    await made.wrapper.get('form').trigger('submit')
    return made
  }

  it('logs in and goes back to the page before', async () => {
    const { router } = await fill('correct horse battery')
    await eventually(() => expect(router.currentRoute.value.path).toBe('/@bob'))
    expect(loggedIn.value).toBe(true)
  })

  it('says that no account has these, and keeps the e-mail address', async () => {
    const { wrapper } = await fill('wrong')
    await eventually(() =>
      expect(wrapper.get('[role=alert]').text()).toContain('No active account has'),
    )
    const address = wrapper.get('input[type=email]').element as HTMLInputElement
    expect(address.value).toBe('alice@example.org')
    expect(loggedIn.value).toBe(false)
  })

  it('offers to send the activation link again, and sends it', async () => {
    const { wrapper } = await fill('wrong')
    await eventually(() => expect(wrapper.findAll('form')).toHaveLength(2))
    expect(wrapper.get('[role=alert]').text()).toContain('activation link')
    await wrapper.findAll('form')[1]?.trigger('submit')
    await eventually(() => expect(wrapper.text()).toContain('Check your mail'))
    expect(wrapper.text()).toContain('alice@example.org')
  })

  it('does not redirect to another site', async () => {
    const { router } = await fill('correct horse battery', '/login?next=//evil.example')
    await eventually(() => expect(router.currentRoute.value.path).toBe('/'))
  })

  it('counts down after a rate limit', async () => {
    const headers = { 'Retry-After': '30' }
    server.use(
      http.post('*/api/auth/token/', () =>
        HttpResponse.json({ detail: 'Too many requests.' }, { status: 429, headers }),
      ),
    )
    const { wrapper } = await fill('wrong')
    await eventually(() => expect(wrapper.text()).toMatch(/Try again in \d+ seconds/))
    expect(wrapper.get('button[type=submit]').attributes()).toHaveProperty('disabled')
  })
})

describe('signing up', () => {
  it('has one field, the e-mail address', async () => {
    const { wrapper } = await shown(RegisterPage, {}, '/register')
    expect(wrapper.findAll('input').map((input) => input.attributes('type'))).toEqual(['email'])
    await wrapper.get('input').setValue('new@example.org')
    await wrapper.get('form').trigger('submit')
    await eventually(() => expect(wrapper.text()).toContain('Check your mail'))
    expect(wrapper.text()).toContain('new@example.org')
  })

  it('shows the error of the e-mail address', async () => {
    const { wrapper } = await shown(RegisterPage, {}, '/register')
    await wrapper.get('form').trigger('submit')
    await eventually(() => expect(wrapper.text()).toContain('Enter a valid email address.'))
  })
})

describe('the page behind the activation link', () => {
  async function opened(token: string, username: string, password: string) {
    const { wrapper } = await shown(ActivatePage, { token }, '/register')
    const [name, secret] = wrapper.findAll('input')
    await name?.setValue(username)
    await secret?.setValue(password)
    await wrapper.get('form').trigger('submit')
    return wrapper
  }

  it('activates the account with the chosen username and password', async () => {
    const wrapper = await opened('good:new@example.org', 'carol', 'correct horse battery')
    await eventually(() => expect(wrapper.text()).toContain('Your account is active.'))
    const made = site.blog.users.find(({ email }) => email === 'new@example.org')
    expect(made).toMatchObject({ username: 'carol', password: 'correct horse battery' })
  })

  it('shows the error beside its field, and keeps the input', async () => {
    const wrapper = await opened('good:new@example.org', 'alice', 'correct horse battery')
    await eventually(() => expect(wrapper.text()).toContain('This username is taken.'))
    expect((wrapper.findAll('input')[0]?.element as HTMLInputElement).value).toBe('alice')
  })

  it('links to a new mail when the link is used or expired', async () => {
    const wrapper = await opened('used', 'carol', 'correct horse battery')
    await eventually(() => expect(wrapper.get('[role=alert]').text()).toContain('used already'))
    expect(wrapper.get('a[href="/register"]').text()).toBe('Send the activation link again')
  })
})

describe('mails of notifications', () => {
  async function settings() {
    site.actAs(site.alice)
    const me = await getMe()
    const { wrapper } = await shown(SettingsNotifications, { me })
    return wrapper
  }

  it('saves when they come, and the time zone', async () => {
    const wrapper = await settings()
    const zone = wrapper.get('select').element as HTMLSelectElement
    expect(zone.value).toBe('UTC')
    await wrapper.get('input[value=immediate]').setValue()
    await wrapper.get('select').setValue('Europe/Vienna')
    await wrapper.get('form').trigger('submit')
    await eventually(() =>
      expect(site.alice).toMatchObject({
        emailNotifications: 'immediate',
        timeZone: 'Europe/Vienna',
      }),
    )
    expect(site.alice.displayName).toBe((await getMe()).displayName)
  })

  it('offers the time zone of the device', async () => {
    const format = Intl.DateTimeFormat().resolvedOptions()
    vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue({
      ...format,
      timeZone: 'America/New_York',
    })
    const wrapper = await settings()
    await wrapper.get('button[type=button]').trigger('click')
    expect((wrapper.get('select').element as HTMLSelectElement).value).toBe('America/New_York')
    expect(wrapper.find('button[type=button]').exists()).toBe(false)
  })

  it('shows the error of a time zone that the server does not know', async () => {
    const errors = { time_zone: ['Enter the name of a time zone.'] }
    server.use(http.patch('*/api/profile/', () => HttpResponse.json(errors, { status: 400 })))
    const wrapper = await settings()
    await wrapper.get('form').trigger('submit')
    await eventually(() => expect(wrapper.text()).toContain('Enter the name of a time zone.'))
  })
})

describe('the list of sessions', () => {
  const session = (id: string, current: boolean) => ({
    id,
    current,
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
    created_on: '2026-11-01T10:00:00Z',
    last_used_on: '2026-11-01T10:00:00Z',
  })
  let alive: ReturnType<typeof session>[]
  const page = (results: typeof alive, next: string | null = null) =>
    HttpResponse.json({ next, previous: null, results })

  beforeEach(() => {
    site.actAs(site.alice)
    alive = [session('a', true), session('b', false)]
    server.use(
      http.get('*/api/auth/sessions/', () => page(alive)),
      http.delete('*/api/auth/sessions/:id/', ({ params }) => {
        alive = alive.filter(({ id }) => id !== params.id)
        return new HttpResponse(null, { status: 204 })
      }),
    )
  })
  async function listed() {
    const { wrapper } = await shown(SettingsSessions)
    await eventually(() => expect(wrapper.findAll('li')).toHaveLength(2))
    return wrapper
  }

  it('names the devices and marks this one', async () => {
    const [first, second] = (await listed()).findAll('li')
    expect(first?.text()).toContain('Firefox on Linux')
    expect(first?.text()).toContain('This session')
    expect(second?.text()).toContain('Last used')
  })

  it('ends another one, and this one goes on', async () => {
    const wrapper = await listed()
    await wrapper.findAll('li')[1]?.get('button').trigger('click')
    await eventually(() => expect(wrapper.findAll('li')).toHaveLength(1))
    expect(loggedIn.value).toBe(true)
  })

  it('loads more with the button', async () => {
    const next = `${location.origin}/api/auth/sessions/?cursor=abc`
    server.use(
      http.get('*/api/auth/sessions/', ({ request }) =>
        new URL(request.url).searchParams.get('cursor') === 'abc'
          ? page([session('c', false)])
          : page(alive, next),
      ),
    )
    const wrapper = await listed()
    const more = () => wrapper.findAll('button').find((button) => button.text() === 'Load more')
    await more()?.trigger('click')
    await eventually(() => expect(wrapper.findAll('li')).toHaveLength(3))
    expect(more()).toBeUndefined()
  })

  it('ends this one, which logs out', async () => {
    const wrapper = await listed()
    await wrapper.findAll('li')[0]?.get('button').trigger('click')
    await eventually(() => expect(loggedIn.value).toBe(false))
  })
})

it('a profile has its lists also when the own one cannot be read', async () => {
  const site = blogOf()
  site.actAs(site.alice)
  server.use(http.get('*/api/profile/', () => HttpResponse.json({ detail: '' }, { status: 500 })))
  const { wrapper } = await shown(AuthorPage, { username: 'bob' }, '/@bob')
  const lists = wrapper.get('nav.tabs')
  expect(lists.classes()).toContain('invisible')
  await eventually(() => expect(lists.classes()).not.toContain('invisible'))
})
