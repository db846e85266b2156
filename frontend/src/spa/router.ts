import { createRouter, createWebHistory, START_LOCATION, type RouteRecordRaw } from 'vue-router'
import { announceTitle, setTitle } from '../composables/usePageTitle'
import type { Key } from '../i18n/deferred'
import { translate } from '../i18n/t'
import { isNewVisit } from '../lib/isNewVisit'
import TimelinePage from '../pages/TimelinePage.vue'
import { isReachable } from './chunkLoadError'

declare module 'vue-router' {
  interface RouteMeta {
    title?: Key
    /** Adds routes that may match the path. */
    addRoutes?: () => Promise<boolean>
  }
}

/** The pages that are opened often, or from a link elsewhere. All others are in laterRoutes.ts. */
const routes: RouteRecordRaw[] = [
  {
    path: '/',
    name: 'timeline',
    component: TimelinePage,
    meta: { title: 'timeline.title' },
    // Where searches were before.
    beforeEnter: ({ query }) => !query.q || { path: '/search', query },
  },
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
    path: '/:path(.*)',
    name: 'not-found',
    component: () => import('../pages/NotFoundPage.vue'),
    meta: { title: 'error.title.not-found', addRoutes: addLaterRoutes },
    beforeEnter: async ({ fullPath }) => ((await addLaterRoutes()) ? fullPath : true),
  },
]

export const router = createRouter({
  history: createWebHistory('/'),
  routes,
  scrollBehavior(to, from, saved) {
    // Chromium keeps the state of the page, with its place, when the same address is opened again.
    const known = from === START_LOCATION && isNewVisit() ? null : saved
    return known ?? (to.path === from.path ? undefined : { top: 0 })
  },
})

let laterRoutesAdded = false

/** Add the routes that the first page does without; return false if they are there already. */
async function addLaterRoutes(): Promise<boolean> {
  if (laterRoutesAdded) return false
  const { laterRoutes } = await import('./laterRoutes')
  laterRoutes.forEach((route) => void router.addRoute(route))
  return (laterRoutesAdded = true)
}

router.afterEach((to, from, failure) => {
  if (failure) return
  const { title } = to.meta
  if (title) setTitle(translate(title))
  if (from.matched.length && to.path !== from.path) announceTitle(Boolean(title))
})

/** A deploy renames the chunks: load the new version at the requested URL, once. */
const RELOADED = 'ublog:reloaded'
router.onError(async (reason: Error, to) => {
  if (!/import|module|preload/i.test(reason.message) || sessionStorage.getItem(RELOADED))
    throw reason
  // Without a server the browser would show its own error page.
  if (!(await isReachable(to.fullPath))) return
  sessionStorage.setItem(RELOADED, to.fullPath)
  location.assign(to.fullPath)
})
void router.isReady().then(() => sessionStorage.removeItem(RELOADED))
