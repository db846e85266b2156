import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, shallowRef } from 'vue'
import { blogApi } from './currentApi'
import type { PostInput, SendOptions } from '../api/blogApi'
import type { Post } from '../api/types'
import { findPost, insertPost, patchPost } from './cache'
import { keys } from './keys'

export function usePost(id: () => number) {
  const client = useQueryClient()
  return useQuery({
    queryKey: computed(() => keys.post(id())),
    queryFn: async ({ signal }) => (await blogApi()).getPost(id(), signal),
    // Coming from a list, the post is there at once, and read again behind the scenes.
    placeholderData: () => findPost(client, id()),
  })
}

export type Sent = PostInput & Pick<SendOptions, 'idempotencyKey' | 'version'>

/** Sends one post, with progress and a way to stop. */
function useSending(work: (input: PostInput, options: SendOptions) => Promise<Post>) {
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
  return useSending(async (input, options) => {
    const post = await (await blogApi()).createPost(input, options)
    insertPost(client, post)
    return post
  })
}

export function useEdit(id: () => number) {
  const client = useQueryClient()
  const take = (post: Post) => patchPost(client, post.id, () => post)
  const requestConfig = useSending(async (input, options) => {
    const post = await (await blogApi()).updatePost(id(), input, options)
    take(post)
    return post
  })
  return { ...requestConfig, take, current: async () => (await blogApi()).getPost(id()) }
}
