import { watchEffect } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { loggedIn, restoring } from '../../session/session'

/** Lead an anonymous visitor to the login, and back to this page. */
export function useLoginRequired(): void {
  const router = useRouter()
  const { fullPath } = useRoute()
  watchEffect(() => {
    if (!loggedIn.value && !restoring.value)
      void router.replace({ path: '/login', query: { next: fullPath } })
  })
}
