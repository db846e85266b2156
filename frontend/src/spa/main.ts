import { VUE_QUERY_CLIENT } from '@tanstack/vue-query'
import { createApp, watch } from 'vue'
import { sayPartIsMissing } from '../composables/missingPart'
import { loadLanguage } from '../i18n/t'
import { createClient } from '../queries/client'
import { deleteNow } from '../queries/leaving'
import { lookAgain, person, restoring, signedIn } from '../session/session'
import App from './App.vue'
import { router } from './router'

const queryClient = createClient()

// Somebody else sits here now: what they may not see goes, and the rest is read as them. After the
// queries have noticed: the profile of nobody must not be asked for.
function startAgain(): void {
  if (signedIn.value) void queryClient.invalidateQueries()
  else void queryClient.resetQueries()
}
watch(person, startAgain, { flush: 'post' })
addEventListener('visibilitychange', () => void lookAgain())
addEventListener('pagehide', deleteNow)
addEventListener('vite:preloadError', sayPartIsMissing)
if (restoring.value) void lookAgain()

await loadLanguage()
// What the plugin does, without its devtools and persisters.
queryClient.mount()
createApp(App).use(router).provide(VUE_QUERY_CLIENT, queryClient).mount('#app')
