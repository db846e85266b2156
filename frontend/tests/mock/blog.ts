/** A blog in memory that keeps the promises of the real one, for the tests and for `npm run mock`. */

export interface User {
  id: number
  email: string
  password: string
  username: string
  displayName: string
  bio: string
  active: boolean
}

export interface Stored {
  id: number
  body: string
  image: { url: string; thumbnail: string; width: number; height: number; alt: string } | null
  author: User | null
  createdOn: string
  modifiedOn: string
  edited: boolean
  likedBy: Set<number>
}

export type Shown = ReturnType<FakeBlog['show']>

export class Refused extends Error {
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
  image?: File | null | ''
  imageAlt?: string
}

export class FakeBlog {
  users: User[] = []
  posts: Stored[] = []
  media = new Map<string, Blob>()
  private lastId = 0
  private clock = Date.now()

  person(username: string, extra: Partial<User> = {}): User {
    const user = {
      id: this.users.length + 1,
      email: `${username}@example.org`,
      password: 'correct horse battery',
      username,
      displayName: '',
      bio: '',
      active: true,
      ...extra,
    }
    this.users.push(user)
    return user
  }

  show(post: Stored, viewer: User | null) {
    const { author, likedBy, ...rest } = post
    return {
      ...rest,
      author: author && {
        username: author.username,
        displayName: author.displayName || author.username,
      },
      likeCount: likedBy.size,
      liked: viewer !== null && likedBy.has(viewer.id),
      canEdit: viewer !== null && author?.id === viewer.id,
    }
  }

  find(id: number): Stored {
    const post = this.posts.find((item) => item.id === id)
    if (!post) throw new Refused(404, 'NOT_FOUND', 'No such post.')
    return post
  }

  list({ q = '', author = '', cursor = '', size = 20 }) {
    const matching = this.posts
      .filter((post) => post.body.toLowerCase().includes(q.toLowerCase()))
      .filter((post) => !author || post.author?.username === author)
      .filter((post) => !cursor || post.id < Number(cursor))
      .sort((a, b) => b.id - a.id)
    const posts = matching.slice(0, size)
    return { posts, more: matching.length > size, end: String(posts.at(-1)?.id ?? '') }
  }

  private picture(image: File, alt: string): Stored['image'] {
    if (!image.type.startsWith('image/'))
      throw new Refused(400, 'INVALID', 'Not a picture.', { image: ['Upload a valid picture.'] })
    const url = `/media/${this.media.size + 1}-${image.size}`
    this.media.set(url, image)
    return { url, thumbnail: url, width: 800, height: 600, alt }
  }

  private check(body: string): string {
    const text = body.replace(/\r\n?/g, '\n').trim()
    const refuse = (message: string) => new Refused(400, 'INVALID', message, { body: [message] })
    if (!text) throw refuse('This field may not be blank.')
    if ([...text].length > 280) throw refuse('Ensure this field has at most 280 characters.')
    return text
  }

  publish(author: User | null, { body = '', image, imageAlt = '' }: Written, age = 0): Stored {
    const createdOn = new Date(age ? Date.now() - age : (this.clock += 1)).toISOString()
    const post: Stored = {
      id: ++this.lastId,
      body: this.check(body),
      image: image ? this.picture(image, imageAlt) : null,
      author,
      createdOn,
      modifiedOn: createdOn,
      edited: false,
      likedBy: new Set(),
    }
    this.posts.push(post)
    return post
  }

  private own(id: number, viewer: User | null): Stored {
    const post = this.find(id)
    if (!viewer) throw new Refused(401, 'UNAUTHENTICATED', 'Authentication is needed.')
    if (post.author !== viewer) throw new Refused(403, 'FORBIDDEN', 'This is not your post.')
    return post
  }

  edit(
    id: number,
    viewer: User | null,
    { body, image, imageAlt }: Written,
    version: string | null = null,
  ): Stored {
    const post = this.own(id, viewer)
    if (version && version !== post.modifiedOn) throw new Refused(412, 'STALE', 'It was changed.')
    if (body !== undefined) post.body = this.check(body)
    if (image) post.image = this.picture(image, imageAlt ?? '')
    else if (image !== undefined) post.image = null
    else if (post.image && imageAlt !== undefined) post.image.alt = imageAlt
    post.edited = true
    post.modifiedOn = new Date((this.clock += 1)).toISOString()
    return post
  }

  remove(id: number, viewer: User | null): void {
    const post = this.own(id, viewer)
    this.posts = this.posts.filter((item) => item !== post)
  }

  like(id: number, viewer: User | null, liked: boolean | 'toggle'): Stored {
    if (!viewer) throw new Refused(401, 'UNAUTHENTICATED', 'Authentication is needed.')
    const { likedBy } = this.find(id)
    const wanted = liked === 'toggle' ? !likedBy.has(viewer.id) : liked
    if (wanted) likedBy.add(viewer.id)
    else likedBy.delete(viewer.id)
    return this.find(id)
  }
}
