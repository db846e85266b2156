/** Changes a post in all lists that contain it. */
import {
  hashKey,
  type InfiniteData,
  type Query,
  type QueryClient,
  type QueryKey,
} from '@tanstack/vue-query'
import type { Page } from '../api/blogApi'
import type { Post } from '../api/types'
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
export function change<T>(
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

/** Change a post wherever it is shown: here, or as the response to the query `source` has it. */
export function changePost(
  client: QueryClient,
  id: number,
  update: (post: Post) => Post,
  source?: QueryKey,
): void {
  const swap = (post: Post) => (post.id === id ? update(post) : post)
  changeLists(client, keys.lists(), (posts) => posts.map(swap), source)
  const alone = client.getQueryCache().find({ queryKey: keys.post(id) })
  if (alone) change(client, alone, update, source)
}

export const knownPost = (client: QueryClient, id: number): Post | undefined =>
  findPost(client, id) ?? client.getQueryData<Post>(keys.post(id))

export const knownPosts = (client: QueryClient): Post[] =>
  client
    .getQueriesData<List>({ queryKey: keys.lists() })
    .flatMap(([, list]) => (list && 'pages' in list ? list.pages : (list ?? [])))
    .flatMap((page) => page.posts)

export const findPost = (client: QueryClient, id: number): Post | undefined =>
  knownPosts(client).find((post) => post.id === id)
