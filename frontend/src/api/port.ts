/** What the app asks of the blog, whichever of the three doors it goes through. */

export interface Author {
  username: string
  displayName: string
}

export interface Picture {
  url: string
  thumbnail: string
  width: number
  height: number
  alt: string
}

export interface Post {
  id: number
  body: string
  image: Picture | null
  author: Author | null
  /** ISO 8601 */
  createdOn: string
  modifiedOn: string
  edited: boolean
  likeCount: number
  liked: boolean
  canEdit: boolean
}

export interface Page {
  posts: Post[]
  /** Where the next, older page begins; null at the end. */
  next: string | null
}

export interface ListOptions {
  q?: string
  author?: string
  cursor?: string | null
  pageSize?: number
  signal?: AbortSignal
}

export interface PostInput {
  body: string
  /** A file replaces the picture, null removes it, undefined leaves it. */
  image?: File | null
  imageAlt?: string
}

export interface SendOptions {
  signal?: AbortSignal
  /** Part of the upload that is sent, 0 to 1. */
  onProgress?: (sent: number) => void
  /** Makes a repeated send harmless: the server answers with the first one's post. */
  idempotencyKey?: string
  /** The `modifiedOn` that the person has seen: another one now is refused as `stale`. */
  version?: string
}

export type ApiId = 'viewset' | 'functions' | 'graphql'

export interface BlogApi {
  listPosts(options?: ListOptions): Promise<Page>
  getPost(id: number, signal?: AbortSignal): Promise<Post>
  createPost(input: PostInput, options?: SendOptions): Promise<Post>
  updatePost(id: number, input: PostInput, options?: SendOptions): Promise<Post>
  deletePost(id: number): Promise<void>
  setLiked(id: number, liked: boolean): Promise<Post>
}
