/** The three APIs of posts over the blog in memory. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildSchema, graphql, GraphQLError } from 'graphql'
import { camelCase } from '../../src/api/camelCase.ts'
import { markNames, type Mark } from '../../src/lib/marks.ts'
import { FakeBlog, MockError, type Stored, type User, type Written } from './blog.ts'
import { countUnread, listNotifications, markRead } from './notifications.ts'

export const schemaFile = () => resolve(import.meta.dirname, '../../../docs/schema.graphql')
const schema = buildSchema(readFileSync(schemaFile(), 'utf8'))

/** Return a copy of a JSON value with the names of its fields in snake_case, as REST has them. */
function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase)
  if (typeof value !== 'object' || value === null) return value
  const name = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [name(key), snakeCase(item)]),
  )
}

const isMark = (word = ''): word is Mark => (markNames as string[]).includes(word)

async function written(request: Request): Promise<Written> {
  if (request.headers.get('Content-Type')?.startsWith('application/json')) {
    return camelCase(await request.json()) as Written
  }
  const form = await request.formData()
  const text = (name: string) => form.get(name)?.toString()
  return {
    body: text('body'),
    language: text('language'),
    image: (form.get('image') as File | '' | null) ?? undefined,
    imageAlt: text('image_alt'),
    inReplyTo: text('in_reply_to'),
  }
}

/** The notifications through both REST styles. */
export async function restNotifications(blog: FakeBlog, request: Request, viewer: User | null) {
  const url = new URL(request.url)
  const [, , , , word] = url.pathname.split('/')
  if (word === 'unread') return Response.json({ count: countUnread(blog, viewer) })
  if (word === 'read') {
    const { up_to } = (await request.json()) as { up_to: string }
    return Response.json({ count: markRead(blog, viewer, up_to) })
  }
  const { cursor, page_size = 20 } = Object.fromEntries(url.searchParams)
  const { items, more, end } = listNotifications(blog, viewer, cursor, Number(page_size))
  url.searchParams.set('cursor', end)
  const results = items.map(snakeCase)
  return Response.json({ next: more ? url.href : null, previous: null, results })
}

/** Both REST styles: the last word of the URL, if it is no mark, only repeats what the method says. */
export async function rest(blog: FakeBlog, request: Request, viewer: User | null) {
  const url = new URL(request.url)
  const [, , , , id, word] = url.pathname.split('/')
  const key = request.headers.get('Idempotency-Key')
  const shown = (post: Stored, status = 200) =>
    Response.json(snakeCase(blog.show(post, viewer)), { status })

  if (id === 'new' || (!id && request.method === 'POST'))
    return shown(blog.publishOnce(key, viewer, await written(request)), 201)
  const { page_size: size = 20, cursor, ...filter } = Object.fromEntries(url.searchParams)
  const all = (posts: Stored[]) => posts.map((post) => snakeCase(blog.show(post, viewer)))
  const paged = ({ posts, more, end }: ReturnType<FakeBlog['replies']>) => {
    url.searchParams.set('cursor', end)
    return Response.json({ next: more ? url.href : null, previous: null, results: all(posts) })
  }
  if (!id) return paged(blog.list({ ...filter, cursor, size: Number(size) }, viewer))
  const number = Number(id)
  if (word === 'replies') return paged(blog.replies(number, cursor, Number(size)))
  if (word === 'ancestors') {
    const { posts, top } = blog.ancestors(number)
    return Response.json({ results: all(posts), top })
  }
  if (isMark(word)) {
    const on = ({ PUT: true, DELETE: false } as const)[request.method] ?? 'toggle'
    return shown(blog.mark(number, viewer, word, on))
  }
  if (request.method === 'DELETE') {
    blog.remove(number, viewer)
    return new Response(null, { status: 204 })
  }
  if (request.method === 'GET') return shown(blog.find(number))
  const version = request.headers.get('If-Match')?.replaceAll('"', '')
  return shown(blog.edit(number, viewer, await written(request), version))
}

/** The multipart request specification: files take the place of the nulls that `map` names. */
async function operation(request: Request) {
  if (request.headers.get('Content-Type')?.startsWith('application/json')) return request.json()
  const form = await request.formData()
  const { query, variables } = JSON.parse(String(form.get('operations')))
  const map = JSON.parse(String(form.get('map'))) as Record<string, string[]>
  for (const [key, paths] of Object.entries(map))
    for (const path of paths) variables[path.replace('variables.', '')] = form.get(key)
  return { query, variables }
}

export async function graphQL(blog: FakeBlog, request: Request, viewer: User | null) {
  const { query: source, variables } = await operation(request)
  const key = request.headers.get('Idempotency-Key')
  const show = (post: Stored) => blog.show(post, viewer)
  const connection = ({ posts, more, end }: ReturnType<FakeBlog['replies']>) => ({
    edges: posts.map((post) => ({ cursor: String(post.id), node: show(post) })),
    pageInfo: { hasNextPage: more, hasPreviousPage: false, endCursor: end },
  })

  const query = <T>(work: () => T) => {
    try {
      return work()
    } catch (reason) {
      const { message, code } = reason as MockError
      throw new GraphQLError(message, { extensions: { code } })
    }
  }
  const mutation = (work: () => object) => {
    try {
      return { ...work(), errors: [] }
    } catch (reason) {
      if (!(reason instanceof MockError)) throw reason
      const { code, message, fields } = reason
      const [field = null] = Object.keys(fields)
      return { post: null, errors: [{ code, field, message, retryAfter: null }] }
    }
  }
  const marking = Object.fromEntries(
    markNames.flatMap((mark) =>
      [true, false].map((on) => [
        `${on ? mark : `un${mark}`}Post`,
        ({ id }: { id: string }) =>
          mutation(() => ({ post: show(blog.mark(Number(id), viewer, mark, on)) })),
      ]),
    ),
  )
  const rootValue = {
    posts: ({ first = 20, after, ...filter }: { first?: number; after?: string }) =>
      query(() => connection(blog.list({ ...filter, cursor: after, size: first }, viewer))),
    replies: ({ id, first, after }: { id: string; first?: number; after?: string }) =>
      query(() => connection(blog.replies(Number(id), after, first))),
    ancestors: ({ id }: { id: string }) =>
      query(() => {
        const { posts, top } = blog.ancestors(Number(id))
        return { results: posts.map(show), top }
      }),
    post: ({ id }: { id: string }) => query(() => show(blog.find(Number(id)))),
    createPost: (input: Written) =>
      mutation(() => ({ post: show(blog.publishOnce(key, viewer, input)) })),
    updatePost: ({
      id,
      removeImage,
      version,
      ...rest
    }: Written & { id: string; removeImage?: boolean; version?: string }) =>
      mutation(() => {
        const image = removeImage ? null : (rest.image ?? undefined)
        return { post: show(blog.edit(Number(id), viewer, { ...rest, image }, version)) }
      }),
    deletePost: ({ id }: { id: string }) =>
      mutation(() => {
        blog.remove(Number(id), viewer)
        return { deletedId: id }
      }),
    ...marking,
    notifications: ({ first, after }: { first?: number; after?: string }) =>
      query(() => {
        const { items, more, end } = listNotifications(blog, viewer, after, first)
        return {
          edges: items.map((node) => ({ cursor: node.createdOn, node })),
          pageInfo: { hasNextPage: more, hasPreviousPage: false, endCursor: end },
        }
      }),
    unreadNotificationCount: () => query(() => countUnread(blog, viewer)),
    markNotificationsRead: ({ upTo }: { upTo: string }) =>
      mutation(() => ({ unreadNotificationCount: markRead(blog, viewer, upTo) })),
  }
  const result = await graphql({ schema, source, rootValue, variableValues: variables })
  return Response.json(result)
}
