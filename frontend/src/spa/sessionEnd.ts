import type { Router } from 'vue-router'
import { showToast } from '../composables/useToasts'
import { t } from '../i18n/t'

/** Say that the session has ended elsewhere, until the user logs in or closes it: what they see now is
 *  a visitor's view, and their drafts are kept for them. */
export function reportSessionEnd(router: Router): void {
  const { name, fullPath } = router.currentRoute.value
  const next = name === 'login' ? undefined : fullPath
  showToast(t('session.ended'), {
    tone: 'error',
    action: {
      label: t('nav.logIn'),
      run: () => void router.push({ name: 'login', query: { next } }),
    },
  })
}
