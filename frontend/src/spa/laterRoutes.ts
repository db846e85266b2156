import type { RouteRecordRaw } from 'vue-router'
import { sections } from '../components/settings/sections'

const people = () => import('../pages/PeoplePage.vue')

/** The pages that are opened seldom. They weigh nothing on the first page: router.ts loads this file when
 *  it does not know a path. */
export const laterRoutes: RouteRecordRaw[] = [
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
    path: '/settings/site',
    component: () => import('../pages/SiteSettingsPage.vue'),
    meta: { title: 'siteSettings.title' },
  },
  {
    path: '/settings/invitations',
    component: () => import('../pages/InvitationsPage.vue'),
    meta: { title: 'invitations.title' },
  },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('../pages/SettingsPage.vue'),
    meta: { title: 'settings.title' },
  },
  {
    path: `/settings/:section(${sections.map(({ name }) => name).join('|')})`,
    component: () => import('../pages/SettingsSectionPage.vue'),
    props: true,
  },
  {
    path: '/posts/:id(\\d+)/likes',
    component: people,
    props: true,
  },
  { path: '/members', component: people },
  {
    path: '/search',
    name: 'search',
    component: () => import('../pages/SearchPage.vue'),
    meta: { title: 'nav.search' },
  },
  {
    path: '/app/moderation',
    name: 'moderation',
    component: () => import('../pages/ModerationPage.vue'),
    meta: { title: 'moderation.title' },
  },
]
