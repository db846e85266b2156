import { watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { safeRedirect } from '../../lib/safeRedirect'
import { setPendingMark } from '../../queries/pendingMark'
import { loggedIn } from '../../session/session'

/** Lead a user to `?next=` as soon as they are logged in, also one who was before they came, and set the
 *  mark that they had wanted to set before. */
export function useLoginRedirect(): void {
  const router = useRouter()
  const route = useRoute()

  async function redirect(): Promise<void> {
    await setPendingMark()
    const next = safeRedirect(route.query.next)
    await router.resolve(next).meta.addRoutes?.()
    // The Django pages are on the same site, but not in this router.
    if (router.resolve(next).name === 'not-found') location.assign(next)
    else await router.replace(next)
  }
  watch(loggedIn, (now) => now && void redirect(), { immediate: true })
}
