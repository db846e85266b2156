/** Changes a post in all lists that contain it. */
import type { InfiniteData, Query, QueryClient } from '@tanstack/vue-query'
import type { Page } from '../api/blogApi'
import type { Filter, Post } from '../api/types'
import { keys } from './keys'

export type Timeline = InfiniteData<Page, string | null>

/** Restart a request that is in flight: its response may not contain the change yet. */
async function refetchInFlight(query: Query): Promise<void> {
  const { fetchStatus, fetchMeta } = query.state
  if (fetchStatus === 'idle') return
  await query.cancel({ revert: true })
  // The query shows its error itself.
  await query.fetch(undefined, { meta: fetchMeta ?? undefined }).catch(() => null)
}

function change<T>(client: QueryClient, query: Query, update: (data: T) => T): void {
  client.setQueryData<T>(query.queryKey, (data) => data && update(data))
  void refetchInFlight(query)
}

function changeLists(
  client: QueryClient,
  update: (timeline: Timeline, filter: Filter) => Timeline,
): void {
  for (const list of client.getQueryCache().findAll({ queryKey: keys.lists() })) {
    change<Timeline>(client, list, (timeline) => update(timeline, list.queryKey[3] as Filter))
  }
}

const mapPages = (timeline: Timeline, map: (posts: Post[]) => Post[]): Timeline => ({
  ...timeline,
  pages: timeline.pages.map((page) => ({ ...page, posts: map(page.posts) })),
})

const without = (timeline: Timeline, id: number): Timeline =>
  mapPages(timeline, (posts) => posts.filter((post) => post.id !== id))

export function patchPost(client: QueryClient, id: number, patch: (post: Post) => Post): void {
  const swap = (post: Post) => (post.id === id ? patch(post) : post)
  changeLists(client, (timeline) => mapPages(timeline, (posts) => posts.map(swap)))
  const alone = client.getQueryCache().find({ queryKey: keys.post(id) })
  if (alone) change(client, alone, patch)
}

export function removePost(client: QueryClient, id: number): void {
  changeLists(client, (timeline) => without(timeline, id))
  client.removeQueries({ queryKey: keys.post(id) })
}

/** Put a new post on top of the lists it belongs to. A list that has it already shows it once. */
export function insertPost(client: QueryClient, post: Post): void {
  changeLists(client, (timeline, { author, ...others }) => {
    const [first, ...rest] = without(timeline, post.id).pages
    const elsewhere = author && author !== post.createdBy?.username
    if (!first || elsewhere || Object.values(others).some(Boolean)) return timeline
    return { ...timeline, pages: [{ ...first, posts: [post, ...first.posts] }, ...rest] }
  })
}

export function findPost(client: QueryClient, id: number): Post | undefined {
  return client
    .getQueriesData<Timeline>({ queryKey: keys.lists() })
    .flatMap(([, timeline]) => timeline?.pages ?? [])
    .flatMap((page) => page.posts)
    .find((post) => post.id === id)
}
