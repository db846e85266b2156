import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, shallowRef } from 'vue'
import { blogApi } from '../api/current'
import type { Post, PostInput, SendOptions } from '../api/port'
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

/** Sends one post, with progress and a way to stop. */
function useSending(work: (input: PostInput, options: SendOptions) => Promise<Post>) {
  const progress = shallowRef(0)
  const controller = shallowRef(new AbortController())

  function send(input: PostInput & { idempotencyKey: string }): Promise<Post> {
    const { idempotencyKey, ...rest } = input
    progress.value = 0
    controller.value = new AbortController()
    return work(rest, {
      idempotencyKey,
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
  return useSending(async (input, options) => {
    const post = await (await blogApi()).updatePost(id(), input, options)
    patchPost(client, post.id, () => post)
    return post
  })
}
