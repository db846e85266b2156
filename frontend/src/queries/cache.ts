/** A post is in many lists at once; these change it in all of them. */
import type { InfiniteData, Query, QueryClient } from '@tanstack/vue-query'
import type { Page } from '../api/blogApi'
import type { Post } from '../api/types'
import { keys, type Filter } from './keys'

export type Timeline = InfiniteData<Page, string | null>

/** What was asked before a change may answer without it, or undo it: it is asked anew. */
async function refetchInFlight(query: Query): Promise<void> {
  const { fetchStatus, fetchMeta } = query.state
  if (fetchStatus === 'idle') return
  await query.cancel({ revert: true })
  // A failure is the query's to show.
  await query.fetch(undefined, { meta: fetchMeta ?? undefined }).catch(() => null)
}

function change<T>(client: QueryClient, query: Query, update: (data: T) => T): void {
  client.setQueryData<T>(query.queryKey, (data) => data && update(data))
  void refetchInFlight(query)
}

function changeLists(
  client: QueryClient,
  update: (feed: Timeline, filter: Filter) => Timeline,
): void {
  for (const list of client.getQueryCache().findAll({ queryKey: keys.lists() })) {
    change<Timeline>(client, list, (feed) => update(feed, list.queryKey[3] as Filter))
  }
}

const mapPages = (feed: Timeline, map: (posts: Post[]) => Post[]): Timeline => ({
  ...feed,
  pages: feed.pages.map((page) => ({ ...page, posts: map(page.posts) })),
})

const without = (feed: Timeline, id: number): Timeline =>
  mapPages(feed, (posts) => posts.filter((post) => post.id !== id))

export function patchPost(client: QueryClient, id: number, patch: (post: Post) => Post): void {
  const swap = (post: Post) => (post.id === id ? patch(post) : post)
  changeLists(client, (feed) => mapPages(feed, (posts) => posts.map(swap)))
  const alone = client.getQueryCache().find({ queryKey: keys.post(id) })
  if (alone) change(client, alone, patch)
}

export function removePost(client: QueryClient, id: number): void {
  changeLists(client, (feed) => without(feed, id))
  client.removeQueries({ queryKey: keys.post(id) })
}

/** Puts a post just written on top of the lists it belongs to, one of which may have read it. */
export function insertPost(client: QueryClient, post: Post): void {
  changeLists(client, (feed, { q, author }) => {
    const [first, ...rest] = without(feed, post.id).pages
    if (!first || q || (author && author !== post.createdBy?.username)) return feed
    return { ...feed, pages: [{ ...first, posts: [post, ...first.posts] }, ...rest] }
  })
}

export function findPost(client: QueryClient, id: number): Post | undefined {
  return client
    .getQueriesData<Timeline>({ queryKey: keys.lists() })
    .flatMap(([, feed]) => feed?.pages ?? [])
    .flatMap((page) => page.posts)
    .find((post) => post.id === id)
}
