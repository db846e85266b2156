import { useRoute, useRouter } from 'vue-router'
import { safeRedirect } from '../../lib/safeRedirect'
import { setPendingMark } from '../../queries/pendingMark'

/** Return a function that leads a user who has logged in to `?next=`, and sets the mark that they
 *  had wanted to set before. */
export function useLoginRedirect() {
  const router = useRouter()
  const route = useRoute()

  return async function redirect(): Promise<void> {
    await setPendingMark()
    const next = safeRedirect(route.query.next)
    // The Django pages are on the same site, but not in this router.
    if (router.resolve(next).name === 'not-found') location.assign(next)
    else await router.replace(next)
  }
}
