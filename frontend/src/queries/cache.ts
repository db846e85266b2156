/** Changes a post in all lists that contain it. */
import {
  hashKey,
  type InfiniteData,
  type Query,
  type QueryClient,
  type QueryKey,
} from '@tanstack/vue-query'
import type { Page } from '../api/blogApi'
import type { Filter, Post } from '../api/types'
import { isPublished } from '../lib/postState'
import { keys } from './keys'

export type Timeline = InfiniteData<Page, string | null>
/** What is cached of a list: its pages, or all its posts at once. */
type List = Timeline | { posts: Post[] }

/** Restart a request that is in flight: its response may not contain the change yet. */
async function refetchInFlight(query: Query): Promise<void> {
  const { fetchStatus, fetchMeta } = query.state
  if (fetchStatus === 'idle') return
  await query.cancel({ revert: true })
  // The query shows its error itself.
  await query.fetch(undefined, { meta: fetchMeta ?? undefined }).catch(() => null)
}

/** Change what is cached of a query. What was changed here is in no response that is in flight. What
 *  a response says, which has the key `source`, is not older than its query, and no reason to repeat
 *  requests of lists that it does not change. */
function change<T>(
  client: QueryClient,
  query: Query,
  update: (data: T) => T,
  source?: QueryKey,
): void {
  if (source && hashKey(source) === query.queryHash) return
  const { data: before, dataUpdatedAt } = query.state
  client.setQueryData<T>(query.queryKey, (data) => data && update(data), {
    ...(source && { updatedAt: dataUpdatedAt }),
  })
  if (!source || query.state.data !== before) void refetchInFlight(query)
}

/** Change the lists whose keys start with `queryKey`. */
export function changeLists(
  client: QueryClient,
  queryKey: QueryKey,
  update: (posts: Post[]) => Post[],
  source?: QueryKey,
): void {
  const pageOf = <T extends { posts: Post[] }>(page: T) => ({ ...page, posts: update(page.posts) })
  for (const query of client.getQueryCache().findAll({ queryKey })) {
    change<List>(
      client,
      query,
      (list) => ('pages' in list ? { ...list, pages: list.pages.map(pageOf) } : pageOf(list)),
      source,
    )
  }
}

export const without = (id: number) => (posts: Post[]) => posts.filter((post) => post.id !== id)

export function swapPost(
  client: QueryClient,
  id: number,
  patch: (post: Post) => Post,
  source?: QueryKey,
): void {
  const swap = (post: Post) => (post.id === id ? patch(post) : post)
  changeLists(client, keys.lists(), (posts) => posts.map(swap), source)
  const alone = client.getQueryCache().find({ queryKey: keys.post(id) })
  if (alone) change(client, alone, patch, source)
}

/** Change a post here. */
export function patchPost(client: QueryClient, id: number, patch: (post: Post) => Post): void {
  swapPost(client, id, patch)
}

const countReply = (client: QueryClient, { inReplyTo }: Post, by: number): void => {
  if (inReplyTo !== null)
    patchPost(client, inReplyTo, (post) => ({ ...post, replyCount: post.replyCount + by }))
}

/** Return what a conversation shows in the place of a deleted post that has replies. */
export const placeholderOf = (post: Post): Post => ({
  ...post,
  deleted: true,
  hidden: false,
  body: '',
  image: null,
  createdBy: null,
  canEdit: false,
  canDelete: false,
})

/** Remove a post wherever it is shown. */
export function forgetPost(client: QueryClient, id: number, source?: QueryKey): void {
  const post = knownPost(client, id)
  const alone = client.getQueryCache().find({ queryKey: keys.post(id) })
  changeLists(client, keys.timelines(), without(id), source)
  if (post?.replyCount) swapPost(client, id, placeholderOf, source)
  else {
    changeLists(client, keys.conversations(), without(id), source)
    // Its own page says that it is gone.
    if (alone?.isActive()) change(client, alone, placeholderOf, source)
    else client.removeQueries({ queryKey: keys.post(id) })
  }
}

/** Remove a post that was deleted from here, or that the server no longer has. */
export function removePost(client: QueryClient, id: number): void {
  const post = knownPost(client, id)
  forgetPost(client, id)
  if (!post || post.deleted) return
  if (isPublished(post)) countReply(client, post, -1)
  // A placeholder goes with its last reply: only the server knows which.
  void client.invalidateQueries({ queryKey: keys.conversations() })
  if (post.inReplyTo === null) return
  const isOther = ({ queryKey }: Query) => queryKey.at(-1) !== id
  void client.invalidateQueries({ queryKey: keys.posts(), predicate: isOther })
}

/** Put a new post on top of the timelines it belongs to, and a reply below the post that it replies
 *  to. A list that has it already shows it once. */
export function insertPost(client: QueryClient, post: Post): void {
  const { inReplyTo } = post
  const known = findPost(client, post.id) !== undefined
  const others = without(post.id)
  for (const query of client.getQueryCache().findAll({ queryKey: keys.timelines() })) {
    const { author, replies, ...rest } = query.queryKey[4] as Filter
    const belongs =
      (!author || author === post.createdBy?.username) &&
      (inReplyTo === null || replies) &&
      !Object.values(rest).some(Boolean)
    change<Timeline>(client, query, (timeline) => ({
      ...timeline,
      pages: timeline.pages.map((page, at) => ({
        ...page,
        posts: [...(belongs && at === 0 ? [post] : []), ...others(page.posts)],
      })),
    }))
  }
  if (inReplyTo === null || known) return
  client.setQueryData<{ posts: Post[] }>(keys.sentReplies(inReplyTo), (sent) => ({
    posts: [...(sent?.posts ?? []), post],
  }))
  if (isPublished(post)) countReply(client, post, 1)
}

export const knownPost = (client: QueryClient, id: number): Post | undefined =>
  findPost(client, id) ?? client.getQueryData<Post>(keys.post(id))

export function findPost(client: QueryClient, id: number): Post | undefined {
  return client
    .getQueriesData<List>({ queryKey: keys.lists() })
    .flatMap(([, list]) => (list && 'pages' in list ? list.pages : (list ?? [])))
    .flatMap((page) => page.posts)
    .find((post) => post.id === id)
}
