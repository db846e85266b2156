import { useQueryClient } from '@tanstack/vue-query'
import { blogApi } from '../api/current'
import { asApiError } from '../api/errors'
import type { Post } from '../api/port'
import { likeQueue } from '../composables/likeQueue'
import { explain } from '../composables/messages'
import { showToast } from '../composables/useToasts'
import { patchPost } from './cache'

export function useLike(post: () => Post) {
  const client = useQueryClient()
  const { id } = post()
  const toggle = likeQueue({
    show: (likes) => patchPost(client, id, (old) => ({ ...old, ...likes })),
    send: async (liked) => (await blogApi()).setLiked(id, liked),
    fail: (reason) => showToast(explain(asApiError(reason)), { tone: 'error' }),
  })
  return { toggle: () => toggle(post()) }
}
