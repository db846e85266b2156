import { watchEffect } from 'vue'
import type { RouteLocationNormalized, Router } from 'vue-router'
import { loggedIn, restoring } from '../session/session'

/** What people need before they are members. */
const OPEN = /^\/(login|register|activate|password-reset|email-change)(\/|$)/

/** Return the log-in that leads back to `to`, if the current user may not see it. */
function loginFor({ path, fullPath }: RouteLocationNormalized) {
  if (loggedIn.value || restoring.value || OPEN.test(path)) return undefined
  return { path: '/login', query: { next: fullPath } }
}

/** Lead visitors of a site that only members read to the log-in, and back to where they were. */
export async function requireLogin(router: Router): Promise<void> {
  router.beforeEach((to) => loginFor(to))
  await router.isReady()
  watchEffect(() => {
    const login = loginFor(router.currentRoute.value)
    if (login) void router.replace(login)
  })
}
