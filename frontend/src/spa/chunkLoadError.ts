import { t } from '../i18n/t'
import { showToast } from '../composables/useToasts'

let said = false

/** A deploy has renamed what this page still wants to load, or nobody answers. Vite tells of every
 *  `import()` that fails: https://vite.dev/guide/build#load-error-handling */
export function reportChunkLoadError(): void {
  if (said) return
  said = true
  showToast(t('error.part'), {
    tone: 'error',
    action: { label: t('common.reload'), run: () => location.reload() },
    onClose: () => (said = false),
  })
}
