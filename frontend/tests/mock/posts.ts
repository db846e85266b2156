/** The five doors' three APIs over the blog in memory. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildSchema, graphql, GraphQLError } from 'graphql'
import { FakeBlog, Refused, type Shown, type User, type Written } from './blog.ts'

export const schemaFile = () => resolve(import.meta.dirname, '../../../docs/schema.graphql')
const schema = buildSchema(readFileSync(schemaFile(), 'utf8'))

const snake = (post: Shown) => ({
  id: post.id,
  body: post.body,
  image: post.image,
  created_by: post.author && {
    username: post.author.username,
    display_name: post.author.displayName,
  },
  created_on: post.createdOn,
  modified_on: post.modifiedOn,
  edited: post.edited,
  like_count: post.likeCount,
  liked: post.liked,
  can_edit: post.canEdit,
})

async function written(request: Request): Promise<Written> {
  if (request.headers.get('Content-Type')?.startsWith('application/json')) {
    const { image_alt: imageAlt, ...rest } = (await request.json()) as Written & {
      image_alt?: string
    }
    return { ...rest, imageAlt }
  }
  const form = await request.formData()
  const text = (name: string) => form.get(name)?.toString()
  return {
    body: text('body'),
    image: (form.get('image') as File | '' | null) ?? undefined,
    imageAlt: text('image_alt'),
  }
}

/** Both REST styles: the last word of the address, if any, only repeats what the method says. */
export async function rest(blog: FakeBlog, request: Request, viewer: User | null) {
  const url = new URL(request.url)
  const [, , , , id, word] = url.pathname.split('/')
  const shown = (post: Parameters<FakeBlog['show']>[0], status = 200) =>
    Response.json(snake(blog.show(post, viewer)), { status })

  if (id === 'new' || (!id && request.method === 'POST'))
    return shown(blog.publish(viewer, await written(request)), 201)
  if (!id) {
    const query = Object.fromEntries(url.searchParams)
    const page = blog.list({ ...query, size: Number(query.page_size ?? 20) })
    url.searchParams.set('cursor', page.end)
    const results = page.posts.map((post) => snake(blog.show(post, viewer)))
    return Response.json({ next: page.more ? url.href : null, previous: null, results })
  }
  const number = Number(id)
  if (word === 'like') {
    const liked = ({ PUT: true, DELETE: false } as const)[request.method] ?? 'toggle'
    return shown(blog.like(number, viewer, liked))
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
  const { query, variables } = await operation(request)
  const node = ({ author, ...post }: Shown) => ({ ...post, createdBy: author })
  const show = (post: Parameters<FakeBlog['show']>[0]) => node(blog.show(post, viewer))

  const changing = (work: () => object) => {
    try {
      return { ...work(), errors: [] }
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason
      const { code, message, fields } = reason
      const [field = null] = Object.keys(fields)
      return { post: null, errors: [{ code, field, message, retryAfter: null }] }
    }
  }
  const rootValue = {
    posts({
      first = 20,
      after,
      q,
      author,
    }: {
      first?: number
      after?: string
      q?: string
      author?: string
    }) {
      const page = blog.list({ q: q ?? '', author: author ?? '', cursor: after ?? '', size: first })
      return {
        edges: page.posts.map((post) => ({ cursor: String(post.id), node: show(post) })),
        pageInfo: { hasNextPage: page.more, hasPreviousPage: false, endCursor: page.end },
      }
    },
    post({ id }: { id: string }) {
      try {
        return show(blog.find(Number(id)))
      } catch (reason) {
        throw new GraphQLError('No such post.', { extensions: { code: (reason as Refused).code } })
      }
    },
    createPost: (input: Written) => changing(() => ({ post: show(blog.publish(viewer, input)) })),
    updatePost: ({
      id,
      removeImage,
      version,
      ...rest
    }: Written & { id: string; removeImage?: boolean; version?: string }) =>
      changing(() => {
        const image = removeImage ? null : (rest.image ?? undefined)
        return { post: show(blog.edit(Number(id), viewer, { ...rest, image }, version)) }
      }),
    deletePost: ({ id }: { id: string }) =>
      changing(() => {
        blog.remove(Number(id), viewer)
        return { deletedId: id }
      }),
    likePost: ({ id }: { id: string }) =>
      changing(() => ({ post: show(blog.like(Number(id), viewer, true)) })),
    unlikePost: ({ id }: { id: string }) =>
      changing(() => ({ post: show(blog.like(Number(id), viewer, false)) })),
  }
  const answer = await graphql({ schema, source: query, rootValue, variableValues: variables })
  return Response.json(answer)
}
