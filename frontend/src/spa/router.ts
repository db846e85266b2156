import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { announce } from '../composables/useAnnouncer'
import { fullTitle, setTitle } from '../composables/usePageTitle'
import type { Key } from '../i18n/deferred'
import { t, translate } from '../i18n/t'
import TimelinePage from '../pages/TimelinePage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    title?: Key
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'timeline', component: TimelinePage, meta: { title: 'timeline.title' } },
  {
    path: '/posts/:id(\\d+)',
    name: 'post',
    component: () => import('../pages/PostPage.vue'),
    props: ({ params }) => ({ id: Number(params.id) }),
  },
  {
    path: '/@:username',
    name: 'author',
    component: () => import('../pages/AuthorPage.vue'),
    props: true,
  },
  {
    path: '/tags/:tag',
    name: 'tag',
    component: () => import('../pages/TagPage.vue'),
    props: true,
  },
  {
    path: '/bookmarks',
    component: () => import('../pages/BookmarksPage.vue'),
    meta: { title: 'nav.bookmarks' },
  },
  {
    path: '/notifications',
    name: 'notifications',
    component: () => import('../pages/NotificationsPage.vue'),
    meta: { title: 'nav.notifications' },
  },
  {
    path: '/login',
    name: 'login',
    component: () => import('../pages/LoginPage.vue'),
    meta: { title: 'login.title' },
  },
  {
    path: '/register',
    name: 'register',
    component: () => import('../pages/RegisterPage.vue'),
    meta: { title: 'register.title' },
  },
  {
    path: '/activate/:token',
    component: () => import('../pages/ActivatePage.vue'),
    props: true,
    meta: { title: 'activate.title' },
  },
  {
    path: '/password-reset',
    component: () => import('../pages/ForgotPage.vue'),
    meta: { title: 'forgot.title' },
  },
  {
    path: '/password-reset/:token',
    component: () => import('../pages/ResetPage.vue'),
    props: true,
    meta: { title: 'reset.title' },
  },
  {
    path: '/email-change/:token',
    component: () => import('../pages/EmailChangePage.vue'),
    props: true,
    meta: { title: 'emailChange.title' },
  },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('../pages/SettingsPage.vue'),
    meta: { title: 'settings.title' },
  },
  {
    path: '/:path(.*)',
    name: 'not-found',
    component: () => import('../pages/NotFoundPage.vue'),
    meta: { title: 'error.title.not-found' },
  },
]

export const router = createRouter({
  history: createWebHistory('/'),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
})

router.afterEach((to, from, failure) => {
  if (failure) return
  if (to.meta.title) setTitle(translate(to.meta.title))
  if (from.matched.length && to.path !== from.path)
    announce(t('nav.arrived', { title: fullTitle() }))
})

/** A deploy renames the chunks: load the new version at the requested URL, once. */
const RELOADED = 'ublog:reloaded'
router.onError(async (reason: Error, to) => {
  if (!/import|module|preload/i.test(reason.message) || sessionStorage.getItem(RELOADED))
    throw reason
  // Without a server the browser would show its own error page.
  const response = await fetch(to.fullPath, { method: 'HEAD' }).catch(() => null)
  if (!response || response.status >= 500) return
  sessionStorage.setItem(RELOADED, to.fullPath)
  location.assign(to.fullPath)
})
void router.isReady().then(() => sessionStorage.removeItem(RELOADED))
