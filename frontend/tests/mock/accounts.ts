/** /api/auth/ and /api/profile/ over the blog in memory. */
import { MockError, type FakeBlog, type User } from './blog.ts'
import type { Tokens } from './tokens.ts'

type Data = Record<string, string>

const profile = (blog: FakeBlog, user: User) => ({
  email: user.email,
  username: user.username,
  avatar: null,
  display_name: user.displayName,
  bio: user.bio,
  bio_segments: blog.segments(user.bio),
  date_joined: '2026-03-14T09:00:00Z',
  email_notifications: user.emailNotifications,
  time_zone: user.timeZone,
  role: 'member',
})
const done = (detail: string, status = 200) => Response.json({ detail }, { status })
const invalid = (fields: Record<string, string[]>) => new MockError(400, 'INVALID', '', fields)

function checkPassword(password: string | undefined, field = 'password'): void {
  if ((password ?? '').length < 8)
    throw invalid({
      [field]: ['This password is too short. It must contain at least 8 characters.'],
    })
}

export async function auth(blog: FakeBlog, tokens: Tokens, request: Request, viewer: User | null) {
  const path = new URL(request.url).pathname.replace('/api/auth/', '').replace(/\/$/, '')
  const data = (request.method === 'POST' ? await request.json().catch(() => ({})) : {}) as Data
  const member = () => {
    if (!viewer) throw new MockError(401, 'UNAUTHENTICATED', 'Authentication is needed.')
    return viewer
  }
  const access = (user: User) =>
    Response.json({ access: tokens.access(user) }, { headers: tokens.cookies(user) })

  if (path.startsWith('sessions')) {
    member()
    if (request.method === 'DELETE') return new Response(null, { status: 204 })
    const agents = [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1',
    ]
    return Response.json({
      next: null,
      previous: null,
      results: agents.map((user_agent, index) => ({
        id: `01234567-89ab-4cde-8f01-00000000000${index}`,
        created_on: '2026-11-02T08:00:00Z',
        last_used_on: new Date(Date.now() - index * 9_000_000).toISOString(),
        user_agent,
        current: index === 0,
      })),
    })
  }
  const routes: Record<string, () => Response> = {
    token() {
      const user = blog.users.find((item) => item.email === data.email && item.active)
      if (user?.password !== data.password || !user)
        throw new MockError(401, '', 'No active account found with the given credentials')
      return access(user)
    },
    'token/refresh'() {
      const user = tokens.holder(request)
      if (!user) throw new MockError(401, '', 'No session.')
      return access(user)
    },
    'token/logout': () => new Response(null, { status: 204, headers: tokens.cookies(null) }),
    register() {
      if (!data.email?.includes('@')) throw invalid({ email: ['Enter a valid email address.'] })
      return done('Check your mail.', 202)
    },
    activate() {
      // The token of the real server is signed; this one contains its e-mail address.
      const [word, email = ''] = (data.token ?? '').split(':')
      if (word !== 'good' || blog.users.some((user) => user.email === email))
        throw invalid({ token: ['This link was used already, is too old, or is not complete.'] })
      checkPassword(data.password)
      if (blog.users.some((user) => user.username === data.username))
        throw invalid({ username: ['This username is taken.'] })
      const { password = '', username = `user${blog.users.length}` } = data
      blog.person(username, { email, password })
      return done('Active.')
    },
    'password-reset': () => done('Sent.', 202),
    'password-reset/confirm'() {
      checkPassword(data.password)
      return done('Changed.')
    },
    'password-change'() {
      checkPassword(data.new_password, 'new_password')
      return access(member())
    },
    'email-change': () => done('Sent.', 202),
    'email-change/confirm': () => done('Changed.'),
  }
  const route = routes[path]
  if (!route) throw new MockError(404, 'NOT_FOUND', 'Not found.')
  return route()
}

export async function people(blog: FakeBlog, request: Request, viewer: User | null) {
  const { pathname, searchParams } = new URL(request.url)
  if (pathname === '/api/users/') {
    const q = searchParams.get('q') ?? ''
    const found = blog.users.filter(({ username }) => username.startsWith(q.toLowerCase()))
    const shown = ({ username, displayName }: User) => ({
      username,
      display_name: displayName,
      avatar: null,
      date_joined: '2026-03-14T09:00:00Z',
    })
    return Response.json({ next: null, previous: null, results: found.map(shown) })
  }
  if (pathname.startsWith('/api/users/')) {
    const user = blog.users.find((item) => item.username === pathname.split('/')[3])
    if (!user) throw new MockError(404, 'NOT_FOUND', 'Not found.')
    return Response.json({
      ...profile(blog, user),
      post_count: 3,
      received_like_count: 6,
      email: undefined,
      email_notifications: undefined,
      time_zone: undefined,
      role: undefined,
    })
  }
  if (!viewer) throw new MockError(401, 'UNAUTHENTICATED', 'Authentication is needed.')
  if (request.method === 'DELETE') return new Response(null, { status: 204 })
  if (request.method === 'PATCH') {
    const data = (await request.json()) as Data
    viewer.username = data.username ?? viewer.username
    viewer.displayName = data.display_name ?? viewer.displayName
    viewer.bio = data.bio ?? viewer.bio
    viewer.emailNotifications = data.email_notifications ?? viewer.emailNotifications
    viewer.timeZone = data.time_zone ?? viewer.timeZone
  }
  return Response.json(profile(blog, viewer))
}
