import { computed } from 'vue'
import { useRouter, type RouteLocationRaw } from 'vue-router'
import { focusRequest } from '../../composables/useFocusRequest'
import { showError, showToast } from '../../composables/useToasts'
import { t } from '../../i18n/t'
import { useMe } from '../../queries/me'
import { useUnread } from '../../queries/unread'
import { loggedIn, logOut, mayBeLoggedIn } from '../../session/session'

export interface NavItem {
  icon: string
  label: string
  /** How many are unread, as a text. */
  count?: string
  /** A page, or … */
  to?: RouteLocationRaw
  /** … the composer, which gets the focus. */
  focus?: 'composer'
}

/** The destinations of the rail and of the bottom bar. */
export function useNavigation() {
  const router = useRouter()
  const { me } = useMe()
  const { unreadText } = useUnread()
  const profileOrLogin = computed<NavItem>(() =>
    mayBeLoggedIn.value
      ? {
          icon: 'user',
          label: t('nav.profile'),
          // Their own page for the short time until the name is known.
          to: me.value ? { name: 'author', params: { username: me.value.username } } : '/settings',
        }
      : { icon: 'log-in', label: t('nav.logIn'), to: { name: 'login' } },
  )
  const members = computed<NavItem[]>(() => [
    {
      icon: 'bell',
      label: t('nav.notifications'),
      to: '/notifications',
      count: unreadText.value,
    },
    { icon: 'bookmark', label: t('nav.bookmarks'), to: '/bookmarks' },
  ])
  const items = computed<NavItem[]>(() => [
    { icon: 'house', label: t('nav.home'), to: '/' },
    { icon: 'search', label: t('nav.search'), to: '/search' },
    { icon: 'feather', label: t('nav.write'), focus: 'composer' },
    ...(mayBeLoggedIn.value ? members.value : []),
    profileOrLogin.value,
    { icon: 'settings', label: t('nav.settings'), to: '/settings' },
  ])

  function go(to: 'search' | 'composer'): void {
    const path = to === 'search' ? '/search' : '/'
    focusRequest.value = to
    if (router.currentRoute.value.path !== path) void router.push(path)
  }
  async function logOutAndGoHome(): Promise<void> {
    try {
      await logOut()
      showToast(t('nav.loggedOut'))
      await router.push('/')
    } catch (reason) {
      showError(reason)
    }
  }
  return { me, items, go, logOutAndGoHome, loggedIn, mayBeLoggedIn }
}
