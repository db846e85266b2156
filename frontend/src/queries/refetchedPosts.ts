/** What is done with posts that are requested again. */
import type { QueryClient, QueryKey } from '@tanstack/vue-query'
import type { Page } from '../api/blogApi'
import type { Filter, Post } from '../api/types'
import { markNames, marks } from '../lib/marks'
import { changeLists, knownPost, changePost } from './cache'
import { blogApi } from './currentApi'
import { isLocked } from './lockedPosts'
import { keys } from './keys'
import { forgetPost, without } from './listChanges'

const PAGE_SIZE = 20
/** The most posts that the server sends at once. */
const MAX_PAGE_SIZE = 100
/** The most posts that are requested again. */
const MAX_LOOK = 500

/** Return the newest posts down to the id `oldest`, in one request where they fit in. So this asks
 *  again from long before the newest known post: on PostgreSQL a post can be committed after a newer
 *  one. */
export async function fetchNewest(
  filter: Filter,
  known: number,
  oldest: number,
  signal: AbortSignal,
): Promise<Page> {
  const api = await blogApi()
  const posts: Post[] = []
  let pageSize = Math.min(known, MAX_PAGE_SIZE)
  let next: string | null = null
  let searchedTo: string | null | undefined
  do {
    const options = { ...filter, cursor: next, signal, ...(pageSize > PAGE_SIZE && { pageSize }) }
    const page = await api.listPosts(options)
    posts.push(...page.posts)
    ;({ next, searchedTo } = page)
    pageSize = MAX_PAGE_SIZE
    // What a search has to look for in several steps is not looked for again.
  } while (next && !searchedTo && (posts.at(-1)?.id ?? 0) > oldest && posts.length < MAX_LOOK)
  return { posts, next }
}

/** Show posts as the response to the query `source` has them, wherever they are shown, and return them:
 *  those that are held as they are here. */
export function takePosts(client: QueryClient, posts: Post[], source: QueryKey): Post[] {
  return posts.map((post) => {
    if (isLocked(post.id)) return knownPost(client, post.id) ?? post
    changePost(client, post.id, () => post, source)
    return post
  })
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
  const mark = markNames.map((name) => marks[name].field).find((field) => field in filter)
  // Where a filter is left, the post may be elsewhere.
  const whole = !filter.q && !filter.tag && !mark
  for (const post of before) {
    const { id } = post
    if (ids.has(id) || id < last || isLocked(id)) continue
    if (whole) forgetPost(client, id, source)
    // Who has just cleared the mark may want it back.
    else if (!mark || post[mark]) changeLists(client, keys.timeline(filter), without(id), source)
  }
}
