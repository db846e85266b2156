/** Deletes posts after five seconds in which the user can undo it; until then they are hidden. */
import type { QueryClient } from '@tanstack/vue-query'
import { shallowReactive } from 'vue'
import { asApiError } from '../api/errors'
import { closeToast, showToast } from '../composables/useToasts'
import { t } from '../i18n/t'
import { errorMessage } from '../lib/errorMessage'
import { removePost } from './cache'
import { blogApi } from './currentApi'

/** The ids of the hidden posts, each with the id of its toast. */
export const pendingDeletions = shallowReactive(new Map<number, number>())

async function deletePost(client: QueryClient, id: number): Promise<void> {
  try {
    await (await blogApi()).deletePost(id)
    removePost(client, id)
  } catch (reason) {
    const error = asApiError(reason)
    if (error.kind === 'not-found') removePost(client, id)
    else showToast(errorMessage(error), { tone: 'error' })
  } finally {
    pendingDeletions.delete(id)
  }
}

export function deleteWithUndo(client: QueryClient, id: number): void {
  const toast = showToast(t('post.deleted'), {
    action: { label: t('common.undo'), run: () => void pendingDeletions.delete(id) },
    onClose: () => void deletePost(client, id),
  })
  pendingDeletions.set(id, toast)
}

/** Delete the hidden posts now: a user who closes the page does not undo. */
export function deletePendingPosts(): void {
  for (const toast of pendingDeletions.values()) closeToast(toast)
}
