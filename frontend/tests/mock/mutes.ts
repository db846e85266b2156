/** What users mute, over the blog in memory: /api/mutes/, and the users and posts that are muted. */
import { MockError, type FakeBlog, type User } from './blog.ts'

const author = ({ username, displayName }: User) => ({ username, display_name: displayName })

export async function mutes(blog: FakeBlog, request: Request, viewer: User | null) {
  if (!viewer) throw new MockError(401, 'UNAUTHENTICATED', 'Authentication is needed.')
  const [, kind, what] = /(users|posts)\/([^/]+)\/mute\/$/.exec(request.url) ?? []
  if (!kind || !what) {
    const results = blog.mutes
      .filter(({ by }) => by === viewer)
      .map(({ user, conversation }) => ({
        created_on: '2026-11-02T08:00:00Z',
        user: user ? author(user) : null,
        conversation,
        text: conversation ? blog.find(conversation).body : '',
      }))
    return Promise.resolve(Response.json({ results }))
  }
  const user = kind === 'users' ? blog.users.find(({ username }) => username === what) : undefined
  const conversation = user ? null : Number(what)
  blog.mutes = blog.mutes.filter(
    (mute) => mute.by !== viewer || mute.user !== user || mute.conversation !== conversation,
  )
  if (request.method === 'PUT') blog.mutes.unshift({ by: viewer, user, conversation })
  return Response.json({ username: what, muted: request.method === 'PUT' })
}
