/** A blog in memory that behaves like the real one, for the tests and for `npm run mock`. The tests in
 *  tests/contract/ run against both. */
import type { Image, Post, Segment } from '../../src/api/types.ts'
import { markNames, marks, withMark, type Mark } from '../../src/lib/marks.ts'

export interface User {
  id: number
  email: string
  password: string
  username: string
  displayName: string
  bio: string
  emailNotifications: string
  timeZone: string
  active: boolean
  /** All notifications up to then are read. */
  readUpTo: string
}

export interface Stored {
  id: number
  body: string
  language: string | null
  image: Image | null
  author: User | null
  createdOn: string
  modifiedOn: string
  edited: boolean
  inReplyTo: number | null
  /** It stays for its replies. */
  deleted: boolean
  held: boolean
  hidden: boolean
  /** The ids of the users who have set each mark. */
  marks: Record<Mark, Set<number>>
}

export class MockError extends Error {
  status: number
  code: string
  fields: Record<string, string[]>
  constructor(status: number, code: string, message: string, fields = {}) {
    super(message)
    this.status = status
    this.code = code
    this.fields = fields
  }
}

export interface Written {
  body?: string
  language?: string
  image?: File | null | ''
  imageAlt?: string
  inReplyTo?: number | string | null
}

/** The filters and the page of a list. The name of a mark's field lists what the viewer has marked. */
interface ListRequest {
  q?: string
  author?: string
  cursor?: string
  size?: number
  [filter: string]: unknown
}

const emptyMarks = () =>
  Object.fromEntries(markNames.map((mark) => [mark, new Set<number>()])) as Stored['marks']

export class FakeBlog {
  users: User[] = []
  posts: Stored[] = []
  mutes: { by: User; user?: User; conversation: number | null }[] = []
  media = new Map<string, Blob>()
  /** When each post was last liked. */
  likedOn = new Map<number, string>()
  private keys = new Map<string, Stored>()
  private lastId = 0
  private clock = Date.now()

  /** Return a moment later than all before. */
  now(): string {
    return new Date((this.clock = Math.max(Date.now(), this.clock + 1))).toISOString()
  }

  person(username: string, extra: Partial<User> = {}): User {
    const user = {
      id: this.users.length + 1,
      email: `${username}@example.org`,
      password: 'correct horse battery',
      username,
      displayName: '',
      bio: '',
      emailNotifications: 'daily',
      timeZone: 'UTC',
      active: true,
      readUpTo: '',
      ...extra,
    }
    this.users.push(user)
    return user
  }

  /** Return the post as the viewer sees it. */
  show(post: Stored, viewer: User | null): Post {
    const { author, marks, ...rest } = post
    const createdBy = author && {
      username: author.username,
      displayName: author.displayName,
      avatar: null,
    }
    const canEdit = viewer !== null && author?.id === viewer.id
    const segments = this.segments(post.body)
    const replyCount = this.repliesTo(post.id).filter(({ deleted }) => !deleted).length
    const own = { canEdit, canDelete: canEdit, muted: this.isMuted(post, viewer) }
    const unmarked = { ...rest, segments, createdBy, replyCount, ...own } as Post
    return markNames.reduce((shown, mark) => {
      const on = viewer !== null && marks[mark].has(viewer.id)
      return withMark(shown, mark, { on, count: marks[mark].size })
    }, unmarked)
  }

  isMuted({ id, author }: Stored, viewer: User | null): boolean {
    const mine = this.mutes.filter(({ by }) => by === viewer)
    return mine.some(({ user, conversation }) => conversation === id || (user && user === author))
  }

  /** A rough grammar, enough for tests: the real one is the server's. */
  segments(text: string): Segment[] {
    const found = text.split(/(@\w+|#\w+|https?:\/\/\S*\w)/).map((part): Segment => {
      const user = this.users.find(({ username }) => part === `@${username}`)
      if (user) return { type: 'mention', text: part, username: user.username }
      if (part.startsWith('http')) return { type: 'link', text: part, url: part }
      if (/^#\w/.test(part)) return { type: 'tag', text: part, tag: part.slice(1) }
      return { type: 'text', text: part }
    })
    return found.filter(({ text }) => text)
  }

  /** Return a post, or what a deleted one has left for its replies. */
  find(id: number): Stored {
    const post = this.posts.find((item) => item.id === id)
    if (!post) throw new MockError(404, 'NOT_FOUND', 'No such post.')
    return post
  }

  private findPublished(id: number): Stored {
    const post = this.find(id)
    if (post.deleted) throw new MockError(404, 'NOT_FOUND', 'No such post.')
    return post
  }

  private repliesTo(id: number): Stored[] {
    return this.posts.filter((post) => post.inReplyTo === id)
  }

  /** Return a page of replies, oldest first. */
  replies(id: number, cursor?: string, size = 20) {
    const rest = this.repliesTo(this.find(id).id).filter((post) => post.id > Number(cursor ?? 0))
    const posts = rest.slice(0, size)
    return { posts, more: rest.length > size, end: String(posts.at(-1)?.id ?? '') }
  }

  /** Return the 20 nearest posts above a reply, oldest first, and the first of all, if it is
   *  not among them. */
  ancestors(id: number) {
    const all: Stored[] = []
    for (let { inReplyTo } = this.find(id); inReplyTo !== null;) {
      const post = this.find(inReplyTo)
      all.unshift(post)
      ;({ inReplyTo } = post)
    }
    return { posts: all.slice(-20), top: all.length > 20 ? (all[0]?.id ?? null) : null }
  }

  list({ q, author, replies, cursor, size = 20, ...others }: ListRequest, viewer: User | null) {
    const wanted = markNames.filter((mark) => others[marks[mark].field])
    if (wanted.length && !viewer)
      throw new MockError(401, 'UNAUTHENTICATED', 'Authentication is needed.')
    const withReplies = replies || q || wanted.length > 0
    const matching = this.posts
      .filter((post) => !post.deleted && (withReplies || post.inReplyTo === null))
      .filter((post) => !q || post.body.toLowerCase().includes(q.toLowerCase()))
      .filter((post) => !author || post.author?.username === author)
      .filter((post) => wanted.every((mark) => viewer && post.marks[mark].has(viewer.id)))
      .filter((post) => !cursor || post.id < Number(cursor))
      .sort((a, b) => b.id - a.id)
    const posts = matching.slice(0, size)
    return { posts, more: matching.length > size, end: String(posts.at(-1)?.id ?? '') }
  }

  private storeImage(image: File, alt: string): Stored['image'] {
    if (!image.type.startsWith('image/'))
      throw new MockError(400, 'INVALID', 'Not a picture.', { image: ['Upload a valid picture.'] })
    const url = `/media/${this.media.size + 1}-${image.size}`
    this.media.set(url, image)
    const size = { url, width: 800, height: 600 }
    return { ...size, alt, color: null, renditions: [size] }
  }

  private check(body: string): string {
    const text = body.replace(/\r\n?/g, '\n').trim()
    const invalid = (message: string) => new MockError(400, 'INVALID', message, { body: [message] })
    if (!text) throw invalid('This field may not be blank.')
    if ([...text].length > 280) throw invalid('Ensure this field has at most 280 characters.')
    return text
  }

  private checkReplyTo(id: Written['inReplyTo']): number | null {
    if (id === undefined || id === null) return null
    const parent = this.posts.find((post) => post.id === Number(id) && !post.deleted)
    if (parent) return parent.id
    const message = 'This post does not exist any more.'
    throw new MockError(400, 'INVALID', message, { in_reply_to: [message] })
  }

  publish(
    author: User | null,
    { body = '', language, image, imageAlt = '', inReplyTo }: Written,
    age = 0,
  ): Stored {
    const createdOn = new Date(age ? Date.now() - age : (this.clock += 1)).toISOString()
    const post: Stored = {
      id: ++this.lastId,
      body: this.check(body),
      language: language ?? null,
      image: image ? this.storeImage(image, imageAlt) : null,
      author,
      createdOn,
      modifiedOn: createdOn,
      edited: false,
      inReplyTo: this.checkReplyTo(inReplyTo),
      deleted: false,
      held: false,
      hidden: false,
      marks: emptyMarks(),
    }
    this.posts.push(post)
    return post
  }

  /** Publish once for each idempotency key: with a key that was used, return the post of the first
   *  request. */
  publishOnce(key: string | null, author: User | null, written: Written): Stored {
    const scope = `${author?.id} ${key}`
    const post = (key && this.keys.get(scope)) || this.publish(author, written)
    if (key) this.keys.set(scope, post)
    return post
  }

  private own(id: number, viewer: User | null): Stored {
    const post = this.findPublished(id)
    if (!viewer) throw new MockError(401, 'UNAUTHENTICATED', 'Authentication is needed.')
    if (post.author !== viewer) throw new MockError(403, 'FORBIDDEN', 'This is not your post.')
    return post
  }

  edit(
    id: number,
    viewer: User | null,
    { body, language, image, imageAlt }: Written,
    version: string | null = null,
  ): Stored {
    const post = this.own(id, viewer)
    if (version && version !== post.modifiedOn) throw new MockError(412, 'STALE', 'It was changed.')
    if (body !== undefined) post.body = this.check(body)
    if (language !== undefined) post.language = language
    if (image) post.image = this.storeImage(image, imageAlt ?? '')
    else if (image !== undefined) post.image = null
    else if (post.image && imageAlt !== undefined) post.image.alt = imageAlt
    post.edited = true
    post.modifiedOn = new Date((this.clock += 1)).toISOString()
    return post
  }

  remove(id: number, viewer: User | null): void {
    let gone: Stored | undefined = this.own(id, viewer)
    Object.assign(gone, {
      deleted: true,
      body: '',
      image: null,
      author: null,
      edited: false,
      marks: emptyMarks(),
    })
    // It stays as long as it has replies, and so do those that it replies to.
    while (gone?.deleted && !this.repliesTo(gone.id).length) {
      const { id: last, inReplyTo }: Stored = gone
      this.posts = this.posts.filter((item) => item.id !== last)
      gone = this.posts.find((item) => item.id === inReplyTo)
    }
  }

  mark(id: number, viewer: User | null, mark: Mark, on: boolean | 'toggle' = true): Stored {
    const post = this.findPublished(id)
    if (!viewer) throw new MockError(401, 'UNAUTHENTICATED', 'Authentication is needed.')
    const users = post.marks[mark]
    const wanted = on === 'toggle' ? !users.has(viewer.id) : on
    if (wanted && mark === 'like' && !users.has(viewer.id)) this.likedOn.set(id, this.now())
    if (wanted) users.add(viewer.id)
    else users.delete(viewer.id)
    return post
  }
}
