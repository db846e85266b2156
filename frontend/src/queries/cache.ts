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
import { isHeld } from './heldPosts'
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
function changeLists(
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

const without = (id: number) => (posts: Post[]) => posts.filter((post) => post.id !== id)

function swapPost(
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

/** Show posts as the response to the query `source` has them, wherever they are shown, and return them:
 *  those that are held as they are here. */
export function takePosts(client: QueryClient, posts: Post[], source: QueryKey): Post[] {
  return posts.map((post) => {
    if (isHeld(post.id)) return knownPost(client, post.id) ?? post
    swapPost(client, post.id, () => post, source)
    return post
  })
}

const countReply = (client: QueryClient, { inReplyTo }: Post, by: number): void => {
  if (inReplyTo !== null)
    patchPost(client, inReplyTo, (post) => ({ ...post, replyCount: post.replyCount + by }))
}

/** Return what a conversation shows in the place of a deleted post that has replies. */
export const placeholderOf = (post: Post): Post => ({
  ...post,
  deleted: true,
  body: '',
  image: null,
  createdBy: null,
  canEdit: false,
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
  countReply(client, post, -1)
  // A placeholder goes with its last reply: only the server knows which.
  void client.invalidateQueries({ queryKey: keys.conversations() })
  if (post.inReplyTo === null) return
  const isOther = ({ queryKey }: Query) => queryKey.at(-1) !== id
  void client.invalidateQueries({ queryKey: keys.posts(), predicate: isOther })
}

/** Remove the posts of a list that have left it: of `before` those that are missing among the newest
 *  posts, from which `source` has made the list. */
export function removeMissing(
  client: QueryClient,
  before: Post[],
  { posts, next }: Page,
  filter: Filter,
  source: QueryKey,
): void {
  const ids = new Set(posts.map((post) => post.id))
  const last = next === null ? 0 : (posts.at(-1)?.id ?? 0)
  // Where a filter is left, the post may be elsewhere.
  const whole = !filter.q && !filter.tag && !filter.bookmarked
  for (const { id, bookmarked } of before) {
    if (ids.has(id) || id < last || isHeld(id)) continue
    if (whole) forgetPost(client, id, source)
    // Who has just removed a bookmark may want it back.
    else if (!filter.bookmarked || bookmarked)
      changeLists(client, keys.timeline(filter), without(id), source)
  }
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
  countReply(client, post, 1)
}

const knownPost = (client: QueryClient, id: number): Post | undefined =>
  findPost(client, id) ?? client.getQueryData<Post>(keys.post(id))

export function findPost(client: QueryClient, id: number): Post | undefined {
  return client
    .getQueriesData<List>({ queryKey: keys.lists() })
    .flatMap(([, list]) => (list && 'pages' in list ? list.pages : (list ?? [])))
    .flatMap((page) => page.posts)
    .find((post) => post.id === id)
}
