/** What the app needs of the blog, through each of its three APIs. */
import type { Mark } from '../lib/marks'
import type { Filter, Notification, Post } from './types'

export interface Page {
  posts: Post[]
  /** The cursor of the next page; null at the end. */
  next: string | null
  /** When the oldest post was published at which a search looked, if it has not looked at all. */
  searchedTo?: string | null
}

export interface NotificationPage {
  notifications: Notification[]
  next: string | null
}

export interface PageOptions {
  cursor?: string | null
  pageSize?: number
  signal?: AbortSignal
}

export interface ListOptions extends Filter, PageOptions {}

/** The posts above a reply, oldest first: at most the 20 nearest. */
export interface Ancestors {
  posts: Post[]
  /** The id of the first post of the conversation, when it is not among them. */
  top: number | null
}

export interface PostInput {
  body: string
  /** A BCP 47 tag. */
  language?: string
  /** A file replaces the image, null removes it, undefined keeps it. */
  image?: File | null
  imageAlt?: string
  /** The id of the post that this one replies to. */
  inReplyTo?: number
}

export interface SendOptions {
  signal?: AbortSignal
  /** Part of the upload that is sent, 0 to 1. */
  onProgress?: (sent: number) => void
  /** Makes a repeated request harmless: the server returns the post of the first one. */
  idempotencyKey?: string
  /** The `modifiedOn` that the user has seen: if the post has another one, the error is `stale`. */
  version?: string
}

export type ApiId = 'viewset' | 'functions' | 'graphql'

/** Every method can throw an ApiError. */
export interface BlogApi {
  listPosts(options?: ListOptions): Promise<Page>
  getPost(id: number, signal?: AbortSignal): Promise<Post>
  /** The replies to a post, oldest first. */
  listReplies(id: number, options?: PageOptions): Promise<Page>
  listAncestors(id: number, signal?: AbortSignal): Promise<Ancestors>
  createPost(input: PostInput, options?: SendOptions): Promise<Post>
  updatePost(id: number, input: PostInput, options?: SendOptions): Promise<Post>
  deletePost(id: number): Promise<void>
  /** Set the mark of the user, or clear it. */
  setMark(id: number, mark: Mark, on: boolean): Promise<Post>
  /** The notifications of the user, newest first. */
  listNotifications(options?: PageOptions): Promise<NotificationPage>
  /** How many notifications are unread; 100 for so many, or more. */
  countUnread(signal?: AbortSignal): Promise<number>
  /** Mark the notifications up to a `createdOn` as read, and return how many are unread. */
  markRead(upTo: string): Promise<number>
}
