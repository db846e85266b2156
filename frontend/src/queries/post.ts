import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, shallowRef } from 'vue'
import type { PostInput, SendOptions } from '../api/blogApi'
import { asApiError } from '../api/errors'
import type { Post } from '../api/types'
import { findPost, changePost } from './cache'
import { blogApi } from './currentApi'
import { isLocked } from './lockedPosts'
import { INTERVAL } from './interval'
import { keys } from './keys'
import { forgetPost, insertPost, placeholderOf } from './listChanges'
import { takePosts } from './refetchedPosts'

/** Whether the post was deleted and leaves nothing on the server to ask for. */
export const isGone = (post?: Post): boolean => Boolean(post?.deleted && !post.replyCount)

export function usePost(id: () => number) {
  const client = useQueryClient()
  return useQuery({
    queryKey: computed(() => keys.post(id())),
    queryFn: async ({ signal, queryKey }) => {
      try {
        const post = await (await blogApi()).getPost(id(), signal)
        return takePosts(client, [post], queryKey)[0] ?? post
      } catch (reason) {
        const known = client.getQueryData<Post>(queryKey)
        const { kind } = asApiError(reason)
        // Without a network: as the list has it.
        const listed = kind === 'offline' && !known && findPost(client, id())
        if (listed) return listed
        if (kind !== 'not-found' || !known || known.deleted) throw reason
        // It was deleted while it was shown. A reply that is being written to it must stay.
        if (isLocked(id())) return known
        forgetPost(client, id(), queryKey)
        return { ...placeholderOf(known), replyCount: 0 }
      }
    },
    refetchInterval: ({ state }) => !isGone(state.data) && INTERVAL,
    refetchOnWindowFocus: ({ state }) => !isGone(state.data),
    // A post that a list has is shown at once, and fetched again in the background.
    placeholderData: () => findPost(client, id()),
  })
}

export type Sent = PostInput & Pick<SendOptions, 'idempotencyKey' | 'version'>

/** Send a post, with its progress and a function that cancels it. */
function useUpload(work: (input: PostInput, options: SendOptions) => Promise<Post>) {
  const progress = shallowRef(0)
  const controller = shallowRef(new AbortController())

  function send(input: Sent): Promise<Post> {
    const { idempotencyKey, version, ...rest } = input
    progress.value = 0
    controller.value = new AbortController()
    return work(rest, {
      idempotencyKey,
      version,
      signal: controller.value.signal,
      onProgress: (sent) => (progress.value = sent),
    })
  }
  return { send, progress, cancel: () => controller.value.abort() }
}

export function usePublish() {
  const client = useQueryClient()
  return useUpload(async (input, options) => {
    const post = await (await blogApi()).createPost(input, options)
    if (!post.held) insertPost(client, post)
    return post
  })
}

export function useEdit(id: () => number) {
  const client = useQueryClient()
  const take = (post: Post) => changePost(client, post.id, () => post)
  const upload = useUpload(async (input, options) => {
    const post = await (await blogApi()).updatePost(id(), input, options)
    take(post)
    return post
  })
  return { ...upload, take, current: async () => (await blogApi()).getPost(id()) }
}
