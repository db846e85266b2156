import { VUE_QUERY_CLIENT } from '@tanstack/vue-query'
import { createApp, watch, watchEffect } from 'vue'
import { reportChunkLoadError } from './chunkLoadError'
import { useStored } from '../composables/useStored'
import { loadLanguage } from '../i18n/t'
import { createClient } from '../queries/client'
import { deletePendingPosts } from '../queries/deletePost'
import {
  sessionEnds,
  syncWithCookie,
  restoring,
  loggedIn,
  userChanges,
  userId,
} from '../session/session'
import App from './App.vue'
import { router } from './router'

const queryClient = createClient()

// Somebody else sits here now: what they may not see goes, and the rest is read as them. After the
// queries have noticed: the profile of nobody must not be asked for.
watch(sessionEnds, () => queryClient.resetQueries(), { flush: 'post' })
watch(userChanges, () => loggedIn.value && queryClient.invalidateQueries(), { flush: 'post' })
// The Django pages ask it whether one that was kept for Back is for this user: islands/checkPage.ts.
const seenUser = useStored<string>('user', '')
watchEffect(() => (seenUser.value = userId.value ?? ''))
// What the browser kept of a user for Back may be somebody else's to see by now.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
addEventListener('visibilitychange', () => void syncWithCookie())
addEventListener('pagehide', deletePendingPosts)
addEventListener('vite:preloadError', reportChunkLoadError)
if (restoring.value) void syncWithCookie()

await loadLanguage()
// What the plugin does, without its devtools and persisters.
queryClient.mount()
createApp(App).use(router).provide(VUE_QUERY_CLIENT, queryClient).mount('#app')
