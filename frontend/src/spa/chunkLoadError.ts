import { showToast } from '../composables/useToasts'
import { t } from '../i18n/t'

let shown = false

/** Show an error when a chunk cannot be loaded: a deploy has renamed it, or the server cannot be
 *  reached. Vite sends an event: https://vite.dev/guide/build#load-error-handling */
export function reportChunkLoadError(): void {
  if (shown) return
  shown = true
  showToast(t('error.part'), {
    tone: 'error',
    action: { label: t('common.reload'), run: () => location.reload() },
    onClose: () => (shown = false),
  })
}
