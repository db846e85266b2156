import { showToast } from '../composables/useToasts'
import { t } from '../i18n/t'

let shown = false

/** Whether the server responds now. A service worker keeps no response to HEAD. */
export async function isReachable(url = location.href): Promise<boolean> {
  const response = await fetch(url, { method: 'HEAD' }).catch(() => null)
  return response !== null && response.status < 500
}

/** Show an error when a chunk cannot be loaded: a deploy has renamed it, or the server cannot be
 *  reached, when a reload would show nothing at all.
 *  Vite sends an event: https://vite.dev/guide/build#load-error-handling */
export async function reportChunkLoadError(): Promise<void> {
  if (shown) return
  shown = true
  if (!(await isReachable())) {
    showToast(t('error.offline'), { tone: 'error', onClose: () => (shown = false) })
    return
  }
  showToast(t('error.part'), {
    tone: 'error',
    action: { label: t('common.reload'), run: () => location.reload() },
    onClose: () => (shown = false),
  })
}
