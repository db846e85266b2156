import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Post } from '../api/types'
import { blogApi } from './currentApi'
import { pendingDeletions } from './pendingDeletions'
import { isLocked } from './lockedPosts'
import { INTERVAL } from './interval'
import { keys } from './keys'
import { placeholderOf } from './listChanges'
import { takePosts } from './refetchedPosts'

/** Return the post as it is shown in a conversation: a placeholder while its deletion can be undone. */
export const inConversation = (post: Post): Post =>
  pendingDeletions.has(post.id) && post.replyCount ? placeholderOf(post) : post

/** Without the posts that leave no placeholder. */
const shown = (posts: Post[]): Post[] =>
  posts.filter((post) => post.replyCount || !pendingDeletions.has(post.id)).map(inConversation)

/** The posts above a reply, oldest first, and the first of the conversation. They are not requested
 *  when the post is known to be no reply. */
export function useAncestors(id: () => number, isReply: () => boolean) {
  const client = useQueryClient()
  const query = useQuery({
    queryKey: computed(() => keys.ancestors(id())),
    queryFn: async ({ signal, queryKey }) => {
      const ancestors = await (await blogApi()).listAncestors(id(), signal)
      return { ...ancestors, posts: takePosts(client, ancestors.posts, queryKey) }
    },
    enabled: isReply,
    refetchInterval: INTERVAL,
  })
  const ancestors = computed(() => query.data.value?.posts.map(inConversation) ?? [])
  const top = computed(() => query.data.value?.top ?? null)
  return { ...query, ancestors, top }
}

/** The replies to a post page by page, oldest first; beside them those that were sent from here and
 *  are on none of the loaded pages. */
export function useReplies(id: () => number, enabled: () => boolean) {
  const client = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: computed(() => keys.replies(id())),
    queryFn: async ({ pageParam: cursor, signal, queryKey }) => {
      const page = await (await blogApi()).listReplies(id(), { cursor, signal })
      return { ...page, posts: takePosts(client, page.posts, queryKey) }
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled,
    // Of all loaded pages: what is new comes at the end, where it moves nothing.
    refetchInterval: INTERVAL,
  })
  const { data: written } = useQuery<{ posts: Post[] }>({
    queryKey: computed(() => keys.sentReplies(id())),
    enabled: false,
  })
  const loaded = computed<Post[]>((before = []) => {
    const posts = query.data.value?.pages.flatMap((page) => page.posts) ?? []
    const ids = new Set(posts.map((post) => post.id))
    const locked = before.filter(({ id }) => isLocked(id) && !ids.has(id))
    return locked.length ? [...posts, ...locked].sort((one, other) => one.id - other.id) : posts
  })
  const replies = computed(() => shown(loaded.value))
  const sent = computed(() => {
    const known = new Set(loaded.value.map((post) => post.id))
    return shown((written.value?.posts ?? []).filter((post) => !known.has(post.id)))
  })
  return { ...query, replies, sent }
}
