/** Adds posts to the lists that are cached, and removes them: what no list needs until somebody writes. */
import type { Query, QueryClient, QueryKey } from '@tanstack/vue-query'
import type { Filter, Post } from '../api/types'
import { isPublished } from '../lib/postState'
import { change, changeLists, findPost, knownPost, changePost, type Timeline } from './cache'
import { keys } from './keys'

export const without = (id: number) => (posts: Post[]) => posts.filter((post) => post.id !== id)

const countReply = (client: QueryClient, { inReplyTo }: Post, by: number): void => {
  if (inReplyTo !== null)
    changePost(client, inReplyTo, (post) => ({ ...post, replyCount: post.replyCount + by }))
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
  if (post?.replyCount) changePost(client, id, placeholderOf, source)
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
