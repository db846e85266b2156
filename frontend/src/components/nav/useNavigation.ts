import { computed } from 'vue'
import { useRouter, type RouteLocationRaw } from 'vue-router'
import { asApiError } from '../../api/errors'
import { focusRequest } from '../../composables/useFocusRequest'
import { showToast } from '../../composables/useToasts'
import { t } from '../../i18n/t'
import { errorMessage } from '../../lib/errorMessage'
import { useMe } from '../../queries/me'
import { useUnread } from '../../queries/unread'
import { restoring, loggedIn, logOut } from '../../session/session'

export interface NavItem {
  icon: string
  label: string
  /** How many are unread, as a text. */
  count?: string
  /** A page, or … */
  to?: RouteLocationRaw
  /** … a part of the timeline that gets the focus. */
  focus?: 'search' | 'composer'
}

/** The destinations of the rail and of the bottom bar. */
export function useNavigation() {
  const router = useRouter()
  const { me } = useMe()
  const { unreadText } = useUnread()
  const profileOrLogin = computed<NavItem>(() =>
    me.value
      ? {
          icon: 'user',
          label: t('nav.profile'),
          to: { name: 'author', params: { username: me.value.username } },
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
    { icon: 'search', label: t('nav.search'), focus: 'search' },
    { icon: 'feather', label: t('nav.write'), focus: 'composer' },
    ...(loggedIn.value ? members.value : []),
    profileOrLogin.value,
    { icon: 'settings', label: t('nav.settings'), to: '/settings' },
  ])

  function go(to: 'search' | 'composer'): void {
    focusRequest.value = to
    if (router.currentRoute.value.name !== 'timeline') void router.push('/')
  }
  async function logOutAndGoHome(): Promise<void> {
    try {
      await logOut()
      await router.push('/')
    } catch (reason) {
      showToast(errorMessage(asApiError(reason)), { tone: 'error' })
    }
  }
  return { items, go, logOutAndGoHome, loggedIn, restoring }
}
