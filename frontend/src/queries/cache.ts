/** A post is in many lists at once; these change it in all of them. */
import type { InfiniteData, QueryClient } from '@tanstack/vue-query'
import type { Page, Post } from '../api/port'
import { keys, type Filter } from './keys'

export type Feed = InfiniteData<Page, string | null>

const mapPages = (feed: Feed, change: (posts: Post[]) => Post[]): Feed => ({
  ...feed,
  pages: feed.pages.map((page) => ({ ...page, posts: change(page.posts) })),
})

export function patchPost(client: QueryClient, id: number, change: (post: Post) => Post): void {
  const swap = (post: Post) => (post.id === id ? change(post) : post)
  client.setQueriesData<Feed>(
    { queryKey: keys.feeds() },
    (feed) => feed && mapPages(feed, (posts) => posts.map(swap)),
  )
  client.setQueryData<Post>(keys.post(id), (post) => post && change(post))
}

export function removePost(client: QueryClient, id: number): void {
  client.setQueriesData<Feed>(
    { queryKey: keys.feeds() },
    (feed) => feed && mapPages(feed, (posts) => posts.filter((post) => post.id !== id)),
  )
  client.removeQueries({ queryKey: keys.post(id) })
}

/** Puts a post just written on top of the lists it belongs to. */
export function insertPost(client: QueryClient, post: Post): void {
  for (const [key, feed] of client.getQueriesData<Feed>({ queryKey: keys.feeds() })) {
    const { q, by } = key[3] as Filter
    const [first, ...rest] = feed?.pages ?? []
    if (!feed || !first || q || (by && by !== post.author?.username)) continue
    const page = { ...first, posts: [post, ...first.posts] }
    client.setQueryData<Feed>(key, { ...feed, pages: [page, ...rest] })
  }
}

export function findPost(client: QueryClient, id: number): Post | undefined {
  return client
    .getQueriesData<Feed>({ queryKey: keys.feeds() })
    .flatMap(([, feed]) => feed?.pages ?? [])
    .flatMap((page) => page.posts)
    .find((post) => post.id === id)
}
