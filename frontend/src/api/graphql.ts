/** Through GraphQL, with axios and plain documents: a client library would weigh more than the app. */
import * as documents from './documents'
import { ApiError, camelCase, type ErrorKind } from './errors'
import type { Post as Node, PostConnection, Error as SchemaError } from './gen/graphql'
import { http } from './http'
import { lasting } from './lasting'
import type { BlogApi, Post, PostInput, SendOptions } from './port'
import { sending } from './rest'

/** A mutation's refusal, or an error of the whole request with its `extensions`. */
type Refusal = Partial<Omit<SchemaError, 'code'>> & { code: string; message: string }

interface Answer<T> {
  data?: T | null
  errors?: { message: string; extensions?: Partial<Refusal> }[]
}

const kinds: Record<string, ErrorKind> = {
  NOT_FOUND: 'not-found',
  UNAUTHENTICATED: 'unauthorized',
  FORBIDDEN: 'forbidden',
  INVALID: 'invalid',
  IDEMPOTENCY_KEY_REUSED: 'invalid',
  STALE: 'stale',
  RATE_LIMITED: 'rate-limited',
}

function refuse(refusals: Refusal[]): void {
  const [first] = refusals
  if (!first) return
  const fields: Record<string, string[]> = {}
  for (const { field, message } of refusals)
    if (field) (fields[camelCase(field)] ??= []).push(message)
  throw new ApiError(kinds[first.code] ?? 'server', {
    fields,
    detail: refusals.find(({ field }) => !field)?.message,
    retryAfter: first.retryAfter ?? 0,
  })
}

const toPost = ({ id, createdBy, ...rest }: Node): Post => ({
  ...rest,
  id: Number(id),
  author: createdBy,
})

/** The GraphQL multipart request specification: the operation, where its files go, the files. */
function multipart(query: string, variables: object, image: File): FormData {
  const form = new FormData()
  form.append('operations', JSON.stringify({ query, variables: { ...variables, image: null } }))
  form.append('map', JSON.stringify({ 0: ['variables.image'] }))
  form.append('0', image)
  return form
}

async function ask<T>(
  query: string,
  variables: object,
  config: Parameters<typeof http.post>[2] = {},
  image?: File | null,
): Promise<T> {
  const payload = image ? multipart(query, variables, image) : { query, variables }
  const { data } = await http.post<Answer<T>>('/graphql/', payload, config)
  refuse(
    (data.errors ?? []).map(({ message, extensions }) => ({ code: '', ...extensions, message })),
  )
  if (!data.data) throw new ApiError('server')
  return data.data
}

/** Runs a mutation whose only root field is `payload`. */
async function change(
  query: string,
  variables: object,
  options: SendOptions & { repeatable?: boolean } = {},
  image?: File | null,
): Promise<Post> {
  const data = await ask<{ payload: { post: Node | null; errors: Refusal[] | null } }>(
    query,
    variables,
    { ...sending(options), ...(options.repeatable && { repeatable: true }) },
    image,
  )
  refuse(data.payload.errors ?? [])
  if (!data.payload.post) throw new ApiError('server')
  return toPost(data.payload.post)
}

const written = ({ body, imageAlt }: PostInput) => ({ body, imageAlt })

const graphql: BlogApi = {
  async listPosts({ q, author, cursor, pageSize = 20, signal } = {}) {
    const variables = {
      q: q || null,
      author: author ?? null,
      after: cursor ?? null,
      first: pageSize,
    }
    const config = { signal, repeatable: true }
    const { posts } = await ask<{ posts: PostConnection }>(documents.posts, variables, config)
    return {
      posts: posts.edges.flatMap((edge) => (edge?.node ? toPost(edge.node) : [])),
      next: posts.pageInfo.hasNextPage ? posts.pageInfo.endCursor : null,
    }
  },
  async getPost(id, signal) {
    const config = { signal, repeatable: true }
    const { post } = await ask<{ post: Node | null }>(documents.post, { id }, config)
    if (!post) throw new ApiError('not-found')
    return toPost(post)
  },
  createPost: (input, options) =>
    change(documents.createPost, written(input), options, input.image),
  updatePost: (id, input, { version, ...options } = {}) =>
    change(
      documents.updatePost,
      { id, ...written(input), removeImage: input.image === null, version },
      options,
      input.image,
    ),
  async deletePost(id) {
    const data = await ask<{ payload: { errors: Refusal[] | null } }>(
      documents.deletePost,
      { id },
      { ...lasting, repeatable: true },
    )
    refuse(data.payload.errors ?? [])
  },
  setLiked: (id, liked) =>
    change(liked ? documents.likePost : documents.unlikePost, { id }, { repeatable: true }),
}

export default graphql
