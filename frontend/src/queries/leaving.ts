/** Posts that were deleted but can still be called back: hidden everywhere, gone in five seconds. */
import type { QueryClient } from '@tanstack/vue-query'
import { shallowReactive } from 'vue'
import { blogApi } from '../api/current'
import { asApiError } from '../api/errors'
import { explain } from '../composables/messages'
import { closeToast, showToast } from '../composables/useToasts'
import { t } from '../i18n/t'
import { removePost } from './cache'

/** The hidden posts, each with its toast. */
export const leaving = shallowReactive(new Map<number, number>())

async function remove(client: QueryClient, id: number): Promise<void> {
  try {
    await (await blogApi()).deletePost(id)
    removePost(client, id)
  } catch (reason) {
    const error = asApiError(reason)
    if (error.kind === 'not-found') removePost(client, id)
    else showToast(explain(error), { tone: 'error' })
  } finally {
    leaving.delete(id)
  }
}

export function deleteWithUndo(client: QueryClient, id: number): void {
  const toast = showToast(t('post.deleted'), {
    action: { label: t('common.undo'), run: () => void leaving.delete(id) },
    onClose: () => void remove(client, id),
  })
  leaving.set(id, toast)
}

/** Somebody who closes the page has made up their mind. */
export function deleteNow(): void {
  for (const toast of leaving.values()) closeToast(toast)
}
