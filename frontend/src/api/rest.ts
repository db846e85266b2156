/** What the two REST doors share; they differ only in their addresses. */
import { cursorOf } from './cursor'
import type { Post as RestPost, PostPage } from './gen/rest'
import { http } from './http'
import { lasting } from './lasting'
import type { BlogApi, ListOptions, Page, Post, PostInput, SendOptions } from './port'

export interface Addresses {
  list: string
  create: string
  read(id: number): string
  update(id: number): string
  remove(id: number): string
  like(id: number): string
}

export const fromRest = (post: RestPost): Post => ({
  id: post.id,
  body: post.body,
  image: post.image,
  author: post.created_by && {
    username: post.created_by.username,
    displayName: post.created_by.display_name,
  },
  createdOn: post.created_on,
  modifiedOn: post.modified_on,
  edited: post.edited,
  likeCount: post.like_count,
  liked: post.liked,
  canEdit: post.can_edit,
})

/** JSON, or a form when there is a file to send. */
function payload({ body, image, imageAlt }: PostInput) {
  const alt = imageAlt === undefined ? {} : { image_alt: imageAlt }
  if (!(image instanceof File)) return { body, ...alt, ...(image === null && { image }) }
  const form = new FormData()
  for (const [name, text] of Object.entries({ body, ...alt })) form.append(name, text)
  form.append('image', image)
  return form
}

export const sending = ({ signal, onProgress, idempotencyKey, version }: SendOptions) => ({
  ...(signal && { signal }),
  headers: {
    ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
    ...(version && { 'If-Match': `"${version}"` }),
  },
  ...(onProgress && {
    onUploadProgress: ({ progress = 0 }: { progress?: number }) => onProgress(progress),
  }),
})

export const restApi = (addresses: Addresses): BlogApi => ({
  async listPosts({ q, author, cursor, pageSize, signal }: ListOptions = {}): Promise<Page> {
    const params = new URLSearchParams()
    const wanted = { q, author, cursor, page_size: pageSize }
    for (const [name, value] of Object.entries(wanted)) if (value) params.set(name, String(value))
    const { data } = await http.get<PostPage>(addresses.list, { params, signal })
    return { posts: data.results.map(fromRest), next: cursorOf(data.next) }
  },
  async getPost(id, signal) {
    return fromRest((await http.get<RestPost>(addresses.read(id), { signal })).data)
  },
  async createPost(input, options = {}) {
    const answer = await http.post<RestPost>(addresses.create, payload(input), sending(options))
    return fromRest(answer.data)
  },
  async updatePost(id, input, options = {}) {
    const answer = await http.patch<RestPost>(
      addresses.update(id),
      payload(input),
      sending(options),
    )
    return fromRest(answer.data)
  },
  async deletePost(id) {
    await http.delete(addresses.remove(id), lasting)
  },
  async setLiked(id, liked) {
    const method = liked ? 'put' : 'delete'
    return fromRest((await http.request<RestPost>({ method, url: addresses.like(id) })).data)
  },
})
