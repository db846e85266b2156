import { computed } from 'vue'
import { useRouter, type RouteLocationRaw } from 'vue-router'
import { asApiError } from '../../api/errors'
import { errorMessage } from '../../lib/errorMessage'
import { showToast } from '../../composables/useToasts'
import { wish } from '../../composables/useFocusRequest'
import { t } from '../../i18n/t'
import { useMe } from '../../queries/me'
import { restoring, loggedIn, logOut } from '../../session/session'

export interface NavItem {
  icon: string
  label: string
  /** A page to go to, or … */
  to?: RouteLocationRaw
  /** … a part of the feed to put the focus on. */
  wish?: 'search' | 'composer'
}

/** The places to go, the same in the rail and in the bar. */
export function useNavigation() {
  const router = useRouter()
  const { me } = useMe()
  const person = computed<NavItem>(() =>
    me.value
      ? {
          icon: 'user',
          label: t('nav.profile'),
          to: { name: 'author', params: { username: me.value.username } },
        }
      : { icon: 'log-in', label: t('nav.logIn'), to: { name: 'login' } },
  )
  const items = computed<NavItem[]>(() => [
    { icon: 'house', label: t('nav.home'), to: '/' },
    { icon: 'search', label: t('nav.search'), wish: 'search' },
    { icon: 'feather', label: t('nav.write'), wish: 'composer' },
    person.value,
    { icon: 'settings', label: t('nav.settings'), to: '/settings' },
  ])

  function go(to: 'search' | 'composer'): void {
    wish.value = to
    if (router.currentRoute.value.name !== 'timeline') void router.push('/')
  }
  async function leave(): Promise<void> {
    try {
      await logOut()
      await router.push('/')
    } catch (reason) {
      showToast(errorMessage(asApiError(reason)), { tone: 'error' })
    }
  }
  return { items, go, leave, loggedIn, restoring }
}
