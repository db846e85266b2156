/** Deletes posts after five seconds in which the user can undo it; until then they are hidden. */
import type { QueryClient } from '@tanstack/vue-query'
import { asApiError } from '../api/errors'
import { closeToast, showError, showToast } from '../composables/useToasts'
import { t } from '../i18n/t'
import { blogApi } from './currentApi'
import { removePost } from './listChanges'
import { pendingDeletions } from './pendingDeletions'

async function deletePost(client: QueryClient, id: number): Promise<void> {
  try {
    await (await blogApi()).deletePost(id)
    removePost(client, id)
  } catch (reason) {
    if (asApiError(reason).kind === 'not-found') removePost(client, id)
    else showError(reason)
  } finally {
    pendingDeletions.delete(id)
  }
}

export function deleteWithUndo(client: QueryClient, id: number): void {
  const toast = showToast(t('post.deleted'), {
    action: { label: t('common.undo'), run: () => void pendingDeletions.delete(id) },
    key: 'u',
    onClose: () => void deletePost(client, id),
  })
  pendingDeletions.set(id, toast)
}

// Delete the hidden posts now: a user who closes the page does not undo.
addEventListener('pagehide', () => {
  for (const toast of pendingDeletions.values()) closeToast(toast)
})
