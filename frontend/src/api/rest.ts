/** What the two REST APIs share: they differ only in their URLs. */
import type { Mark } from '../lib/marks'
import type { BlogApi, Page, PageOptions, PostInput, SendOptions } from './blogApi'
import { camelCase, snakeName, type CamelCased } from './camelCase'
import { cursorOf } from './cursor'
import { http } from './http'
import { keepalive } from './keepalive'
import type { RestAncestors, RestNotification, RestPost, RestUnread } from './types'

export interface Urls {
  list: string
  create: string
  read(id: number): string
  replies(id: number): string
  ancestors(id: number): string
  update(id: number): string
  remove(id: number): string
  mark(id: number, mark: Mark): string
  notifications: string
}

/** Return the body of the request: JSON, or a form when there is a file to upload. */
function payload({ image, ...input }: PostInput) {
  const texts = Object.entries(input)
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => [snakeName(name), text] as const)
  if (!(image instanceof File))
    return { ...Object.fromEntries(texts), ...(image === null && { image }) }
  const form = new FormData()
  for (const [name, text] of texts) form.append(name, String(text))
  form.append('image', image)
  return form
}

/** Return the axios options of a request that writes. */
export const requestConfig = ({ signal, onProgress, idempotencyKey, version }: SendOptions) => ({
  ...(signal && { signal }),
  headers: {
    ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
    ...(version && { 'If-Match': `"${version}"` }),
  },
  ...(onProgress && {
    onUploadProgress: ({ progress = 0 }: { progress?: number }) => onProgress(progress),
  }),
})

/** A query parameter; one that is true is sent as `on`. */
type Parameter = string | number | boolean | null | undefined

const postOf = async (request: Promise<{ data: RestPost }>) => camelCase((await request).data)

/** Return a page of a list; what the options do not name are its filters. */
async function getPage<T>(
  url: string,
  { cursor, pageSize, signal, ...filter }: PageOptions = {},
): Promise<{ results: CamelCased<T>[]; next: string | null; searchedTo?: string }> {
  const params = new URLSearchParams()
  const wanted: Record<string, Parameter> = { ...filter, cursor, page_size: pageSize }
  for (const [name, value] of Object.entries(wanted))
    if (value) params.set(name, value === true ? 'on' : String(value))
  type Data = { results: T[]; next: string | null; searched_to?: string }
  const { data } = await http.get<Data>(url, { params, signal })
  const { results, next, searched_to: searchedTo } = data
  return { results: camelCase(results), next: cursorOf(next), searchedTo }
}

async function getPosts(url: string, options?: PageOptions): Promise<Page> {
  const { results, ...page } = await getPage<RestPost>(url, options)
  return { posts: results, ...page }
}

const countOf = async (request: Promise<{ data: RestUnread }>) => (await request).data.count

export const restApi = (urls: Urls): BlogApi => ({
  listPosts: (options) => getPosts(urls.list, options),
  listReplies: (id, options) => getPosts(urls.replies(id), options),
  async listAncestors(id, signal) {
    const { data } = await http.get<RestAncestors>(urls.ancestors(id), { signal })
    return { posts: camelCase(data.results), top: data.top }
  },
  getPost: (id, signal) => postOf(http.get(urls.read(id), { signal })),
  createPost: (input, options = {}) =>
    postOf(http.post(urls.create, payload(input), requestConfig(options))),
  updatePost: (id, input, options = {}) =>
    postOf(http.patch(urls.update(id), payload(input), requestConfig(options))),
  async deletePost(id) {
    await http.delete(urls.remove(id), keepalive)
  },
  setMark: (id, mark, on) =>
    postOf(http.request({ method: on ? 'put' : 'delete', url: urls.mark(id, mark) })),
  async listNotifications(options) {
    const { results, next } = await getPage<RestNotification>(urls.notifications, options)
    return { notifications: results, next }
  },
  countUnread: (signal) => countOf(http.get(`${urls.notifications}unread/`, { signal })),
  markRead: (up_to) =>
    countOf(http.post(`${urls.notifications}read/`, { up_to }, { repeatable: true })),
})
