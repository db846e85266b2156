/** Changes a post in all lists that contain it. */
import type { InfiniteData, Query, QueryClient, QueryKey } from '@tanstack/vue-query'
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

function change<T>(client: QueryClient, query: Query, update: (data: T) => T): void {
  client.setQueryData<T>(query.queryKey, (data) => data && update(data))
  void refetchInFlight(query)
}

/** Change the lists whose keys start with `queryKey`. */
function changeLists(
  client: QueryClient,
  queryKey: QueryKey,
  update: (posts: Post[]) => Post[],
): void {
  const pageOf = <T extends { posts: Post[] }>(page: T) => ({ ...page, posts: update(page.posts) })
  for (const query of client.getQueryCache().findAll({ queryKey })) {
    change<List>(client, query, (list) =>
      'pages' in list ? { ...list, pages: list.pages.map(pageOf) } : pageOf(list),
    )
  }
}

const without = (id: number) => (posts: Post[]) => posts.filter((post) => post.id !== id)

export function patchPost(client: QueryClient, id: number, patch: (post: Post) => Post): void {
  const swap = (post: Post) => (post.id === id ? patch(post) : post)
  changeLists(client, keys.lists(), (posts) => posts.map(swap))
  const alone = client.getQueryCache().find({ queryKey: keys.post(id) })
  if (alone) change(client, alone, patch)
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

export function removePost(client: QueryClient, id: number): void {
  const post = findPost(client, id) ?? client.getQueryData<Post>(keys.post(id))
  changeLists(client, keys.timelines(), without(id))
  if (post?.replyCount) patchPost(client, id, placeholderOf)
  else {
    changeLists(client, keys.conversations(), without(id))
    client.removeQueries({ queryKey: keys.post(id) })
  }
  if (!post || post.deleted) return
  if (isPublished(post)) countReply(client, post, -1)
  // A placeholder goes with its last reply: only the server knows which.
  void client.invalidateQueries({ queryKey: keys.conversations() })
  if (post.inReplyTo !== null) void client.invalidateQueries({ queryKey: keys.posts() })
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

export function findPost(client: QueryClient, id: number): Post | undefined {
  return client
    .getQueriesData<List>({ queryKey: keys.lists() })
    .flatMap(([, list]) => (list && 'pages' in list ? list.pages : (list ?? [])))
    .flatMap((page) => page.posts)
    .find((post) => post.id === id)
}
