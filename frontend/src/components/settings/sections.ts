import type { InjectionKey } from 'vue'
import type { Key } from '../../i18n/deferred'

export interface Section {
  name: string
  icon: string
  title: Key
  /** What is in it. */
  parts: Key[]
  /** Visitors have it, too. */
  isOpen?: boolean
}

/** The title of the page that the parts are on. */
export const PAGE_TITLE: InjectionKey<() => string> = Symbol('title')

/** The pages of the settings: /settings/NAME. */
export const sections: Section[] = [
  {
    name: 'profile',
    icon: 'user',
    title: 'settings.profile',
    parts: ['field.displayName', 'field.bio', 'settings.avatar'],
  },
  {
    name: 'appearance',
    icon: 'sun',
    title: 'settings.appearance',
    parts: ['settings.theme', 'settings.language'],
    isOpen: true,
  },
  {
    name: 'notifications',
    icon: 'bell',
    title: 'nav.notifications',
    parts: ['settings.mails', 'mute.title'],
  },
  {
    name: 'account',
    icon: 'lock',
    title: 'settings.account',
    parts: ['field.password', 'field.email', 'settings.sessions'],
  },
  {
    name: 'data',
    icon: 'download',
    title: 'settings.data',
    parts: ['settings.data.request', 'settings.delete'],
  },
  {
    name: 'developers',
    icon: 'code',
    title: 'settings.developers',
    parts: ['settings.api'],
    isOpen: true,
  },
]
