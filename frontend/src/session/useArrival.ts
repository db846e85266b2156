import { useRoute, useRouter } from 'vue-router'
import { safeNext } from '../composables/next'
import { giveWantedLike } from './pendingLike'

/** Where somebody who has just signed in goes: back to what they were about to do. */
export function useArrival() {
  const router = useRouter()
  const route = useRoute()

  return async function arrive(): Promise<void> {
    await giveWantedLike()
    const next = safeNext(route.query.next)
    // The Django pages are on the same site, but not in this router.
    if (router.resolve(next).name === 'not-found') location.assign(next)
    else await router.replace(next)
  }
}
