/** Through GraphQL, with axios and plain documents: a client library would weigh more than the app. */
import type { BlogApi, Page, PageOptions, SendOptions } from './blogApi'
import { camelName } from './camelCase'
import * as documents from './documents'
import { ApiError, type ErrorKind } from './errors'
import { http } from './http'
import { keepalive } from './keepalive'
import { requestConfig } from './rest'
import type {
  AncestorsNode,
  ErrorType,
  NotificationNode,
  Post,
  PostConnection,
  PostNode,
} from './types'

/** An error of a mutation, or of the whole request with its `extensions`. */
type GraphQLError = Partial<Omit<ErrorType, 'code'>> & { code: string; message: string }

interface GraphQLResponse<T> {
  data?: T | null
  errors?: { message: string; extensions?: Partial<GraphQLError> }[]
}

const kinds: Record<string, ErrorKind> = {
  NOT_FOUND: 'not-found',
  GONE: 'not-found',
  UNAUTHENTICATED: 'unauthorized',
  FORBIDDEN: 'forbidden',
  INVALID: 'invalid',
  IDEMPOTENCY_KEY_REUSED: 'invalid',
  STALE: 'stale',
  RATE_LIMITED: 'rate-limited',
}

/** @throws ApiError when there is any error in the list. */
function check(errors: GraphQLError[]): void {
  const [first] = errors
  if (!first) return
  const fields: Record<string, string[]> = {}
  for (const { field, message } of errors)
    if (field) (fields[camelName(field)] ??= []).push(message)
  throw new ApiError(kinds[first.code] ?? 'server', {
    fields,
    detail: errors.find(({ field }) => !field)?.message,
    retryAfter: first.retryAfter ?? 0,
  })
}

/** GraphQL has the fields of REST, but its ids are strings. */
const toId = (id: string | null): number | null => (id === null ? null : Number(id))
const toPost = (node: PostNode): Post => ({
  ...node,
  id: Number(node.id),
  inReplyTo: toId(node.inReplyTo),
})

/** The GraphQL multipart request specification: the operation, where its files go, the files. */
function multipart(query: string, variables: object, image: File): FormData {
  const form = new FormData()
  form.append('operations', JSON.stringify({ query, variables: { ...variables, image: null } }))
  form.append('map', JSON.stringify({ 0: ['variables.image'] }))
  form.append('0', image)
  return form
}

/** @throws ApiError */
async function execute<T>(
  query: string,
  variables: object,
  config: Parameters<typeof http.post>[2] = {},
  image?: File | null,
): Promise<T> {
  const payload = image ? multipart(query, variables, image) : { query, variables }
  const { data } = await http.post<GraphQLResponse<T>>('/graphql/', payload, config)
  check(
    (data.errors ?? []).map(({ message, extensions }) => ({ code: '', ...extensions, message })),
  )
  if (!data.data) throw new ApiError('server')
  return data.data
}

/** Execute a mutation with the alias `payload` for its root field, and return the post. */
async function mutate(
  query: string,
  variables: object,
  options: SendOptions & { repeatable?: boolean } = {},
  image?: File | null,
): Promise<Post> {
  const data = await execute<{ payload: { post: PostNode | null; errors: GraphQLError[] | null } }>(
    query,
    variables,
    { ...requestConfig(options), ...(options.repeatable && { repeatable: true }) },
    image,
  )
  check(data.payload.errors ?? [])
  if (!data.payload.post) throw new ApiError('server')
  return toPost(data.payload.post)
}

interface Connection<Node> {
  edges: ({ node: Node | null } | null)[]
  pageInfo: PostConnection['pageInfo']
  searchedTo?: string | null
}

/** Execute a query with the alias `page` for its root field; what the options do not name are its
 *  other arguments. */
async function getPage<Node>(
  query: string,
  { cursor, pageSize = 20, signal, ...others }: PageOptions & Record<string, unknown>,
): Promise<{ nodes: Node[]; next: string | null; searchedTo?: string | null }> {
  const variables = { ...others, after: cursor, first: pageSize }
  const config = { signal, repeatable: true }
  const { page } = await execute<{ page: Connection<Node> }>(query, variables, config)
  return {
    nodes: page.edges.flatMap((edge) => edge?.node ?? []),
    next: page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null,
    searchedTo: page.searchedTo,
  }
}

async function getPosts(query: string, options: Parameters<typeof getPage>[1]): Promise<Page> {
  const { nodes, ...page } = await getPage<PostNode>(query, options)
  return { posts: nodes.map(toPost), ...page }
}

const graphql: BlogApi = {
  listPosts: (options = {}) => getPosts(documents.posts, { ...options }),
  listReplies: (id, options = {}) => getPosts(documents.replies, { ...options, id }),
  async listAncestors(id, signal) {
    const config = { signal, repeatable: true }
    const { ancestors } = await execute<{ ancestors: AncestorsNode }>(
      documents.ancestors,
      { id },
      config,
    )
    return { posts: ancestors.results.map(toPost), top: toId(ancestors.top) }
  },
  async getPost(id, signal) {
    const config = { signal, repeatable: true }
    const { post } = await execute<{ post: PostNode | null }>(documents.post, { id }, config)
    if (!post) throw new ApiError('not-found')
    return toPost(post)
  },
  createPost: (input, options) =>
    mutate(documents.createPost, { ...input, image: undefined }, options, input.image),
  updatePost: (id, input, { version, ...options } = {}) =>
    mutate(
      documents.updatePost,
      { id, ...input, image: undefined, removeImage: input.image === null, version },
      options,
      input.image,
    ),
  async deletePost(id) {
    const data = await execute<{ payload: { errors: GraphQLError[] | null } }>(
      documents.deletePost,
      { id },
      { ...keepalive, repeatable: true },
    )
    check(data.payload.errors ?? [])
  },
  setMark: (id, mark, on) => mutate(documents.setMark(mark, on), { id }, { repeatable: true }),
  async listNotifications(options = {}) {
    const { nodes, next } = await getPage<NotificationNode>(documents.notifications, { ...options })
    const notifications = nodes.map((node) => ({
      ...node,
      id: Number(node.id.replace('notification-', '')),
      post: node.post && toPost(node.post),
    }))
    return { notifications, next }
  },
  async countUnread(signal) {
    const config = { signal, repeatable: true }
    const query = documents.unreadNotificationCount
    return (await execute<{ count: number }>(query, {}, config)).count
  },
  async markRead(upTo) {
    const { payload } = await execute<{
      payload: { count: number | null; errors: GraphQLError[] | null }
    }>(documents.markNotificationsRead, { upTo }, { repeatable: true })
    check(payload.errors ?? [])
    return payload.count ?? 0
  },
}

export default graphql
