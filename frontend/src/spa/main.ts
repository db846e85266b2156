import { VUE_QUERY_CLIENT } from '@tanstack/vue-query'
import { createApp, watch } from 'vue'
import { loadLanguage } from '../i18n/t'
import { membersOnly } from '../lib/site'
import { createClient } from '../queries/client'
import {
  loggedIn,
  restoring,
  sessionEnds,
  sessionEndsElsewhere,
  syncWithCookie,
  userChanges,
} from '../session/session'
import App from './App.vue'
import { reportChunkLoadError } from './chunkLoadError'
import { router } from './router'
import { reportSessionEnd } from './sessionEnd'

const queryClient = createClient()

// For another user, drop what only the last one may see, and request the rest again. After the queries
// have been updated: without a user there is no profile to request.
watch(sessionEnds, () => queryClient.resetQueries(), { flush: 'post' })
watch(userChanges, () => loggedIn.value && queryClient.invalidateQueries(), { flush: 'post' })
watch(sessionEndsElsewhere, () => reportSessionEnd(router))
// A page restored for Back may show what the current user may not see.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
addEventListener('visibilitychange', () => void syncWithCookie())
addEventListener('online', () => restoring.value && void syncWithCookie())
addEventListener('vite:preloadError', () => void reportChunkLoadError())
if (restoring.value) void syncWithCookie()

// No top-level await: the modules that it waited for import this one's chunk, and would wait for it.
async function start(): Promise<void> {
  // Before the first route, so that nothing is requested that only members may read.
  if (membersOnly)
    await import('./membersOnly').then(
      ({ requireLogin }) => void requireLogin(router),
      () => null,
    )
  await loadLanguage()
  // As VueQueryPlugin does, without its devtools and persisters.
  queryClient.mount()
  createApp(App).use(router).provide(VUE_QUERY_CLIENT, queryClient).mount('#app')
  await router.isReady()
  void import('./afterLoad').then(({ afterLoad }) => afterLoad()).catch(() => null)
}
void start()
