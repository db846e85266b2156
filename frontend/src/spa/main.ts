import { VUE_QUERY_CLIENT } from '@tanstack/vue-query'
import { createApp, watch, watchEffect } from 'vue'
import { sayPartIsMissing } from '../composables/missingPart'
import { useStored } from '../composables/useStored'
import { loadLanguage } from '../i18n/t'
import { createClient } from '../queries/client'
import { deleteNow } from '../queries/leaving'
import { departures, lookAgain, person, restoring, signedIn, userId } from '../session/session'
import App from './App.vue'
import { router } from './router'

const queryClient = createClient()

// Somebody else sits here now: what they may not see goes, and the rest is read as them. After the
// queries have noticed: the profile of nobody must not be asked for.
watch(departures, () => queryClient.resetQueries(), { flush: 'post' })
watch(person, () => signedIn.value && queryClient.invalidateQueries(), { flush: 'post' })
// The Django pages ask it whether one that was kept for Back is for this user: islands/checkPage.ts.
const seenUser = useStored<string>('user', '')
watchEffect(() => (seenUser.value = userId.value ?? ''))
// What the browser kept of a user for Back may be somebody else's to see by now.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
addEventListener('visibilitychange', () => void lookAgain())
addEventListener('pagehide', deleteNow)
addEventListener('vite:preloadError', sayPartIsMissing)
if (restoring.value) void lookAgain()

await loadLanguage()
// What the plugin does, without its devtools and persisters.
queryClient.mount()
createApp(App).use(router).provide(VUE_QUERY_CLIENT, queryClient).mount('#app')
