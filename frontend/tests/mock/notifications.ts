/** The notifications of a user, made from the posts and likes of the blog in memory. */
import type { Notification } from '../../src/api/types.ts'
import { FakeBlog, MockError, type Stored, type User } from './blog.ts'

const KINDS = ['reply', 'mention', 'like'] as const
const MAX_UNREAD = 100

function kindsOf(blog: FakeBlog, post: Stored, user: User): (typeof KINDS)[number] | null {
  const parent = blog.posts.find(({ id }) => id === post.inReplyTo)
  if (post.deleted) return null
  if (post.author === user) return [...post.marks.like].some((id) => id !== user.id) ? 'like' : null
  if (parent?.author === user) return 'reply'
  const mentioned = blog.segments(post.body).some(({ username }) => username === user.username)
  return mentioned ? 'mention' : null
}

function notificationOf(blog: FakeBlog, post: Stored, user: User): Notification | null {
  const kind = kindsOf(blog, post, user)
  if (!kind) return null
  const likers = [...post.marks.like].filter((id) => id !== user.id)
  const actor =
    kind === 'like' ? blog.users.find(({ id }) => id === likers.at(-1)) : (post.author ?? undefined)
  const createdOn = kind === 'like' ? (blog.likedOn.get(post.id) ?? '') : post.createdOn
  return {
    id: post.id * KINDS.length + KINDS.indexOf(kind),
    kind,
    createdOn,
    unread: createdOn > user.readUpTo,
    actor: actor
      ? { username: actor.username, displayName: actor.displayName, avatar: null }
      : null,
    otherCount: kind === 'like' ? likers.length - 1 : 0,
    post: blog.show(post, user),
  }
}

function userOf(viewer: User | null): User {
  if (!viewer) throw new MockError(401, 'UNAUTHENTICATED', 'Authentication is needed.')
  return viewer
}

const all = (blog: FakeBlog, user: User) =>
  blog.posts
    .flatMap((post) => notificationOf(blog, post, user) ?? [])
    .sort((one, other) => (one.createdOn < other.createdOn ? 1 : -1))

export function listNotifications(blog: FakeBlog, viewer: User | null, cursor = '', size = 20) {
  const rest = all(blog, userOf(viewer)).filter((item) => !cursor || item.createdOn < cursor)
  const items = rest.slice(0, size)
  return { items, more: rest.length > size, end: items.at(-1)?.createdOn ?? '' }
}

export function countUnread(blog: FakeBlog, viewer: User | null): number {
  const unread = all(blog, userOf(viewer)).filter((item) => item.unread)
  return Math.min(MAX_UNREAD, unread.length)
}

export function markRead(blog: FakeBlog, viewer: User | null, upTo: string): number {
  const user = userOf(viewer)
  const read = upTo > blog.now() ? blog.now() : upTo
  if (read > user.readUpTo) user.readUpTo = read
  return countUnread(blog, viewer)
}
