import { shallowRef, watch, watchEffect } from 'vue'
import { t } from '../i18n/t'
import { siteName } from '../lib/site'
import { announce } from './useAnnouncer'

const pageTitle = shallowRef('')
/** What is in brackets before the title: the number of unread notifications. */
export const titleCount = shallowRef('')

export const titled = (text: string): string => (text ? `${text} · ${siteName}` : siteName)

/** Return the title of the page without the count. */
export const fullTitle = (): string => titled(pageTitle.value)

watch(
  [pageTitle, titleCount],
  () => {
    document.title = titleCount.value ? `(${titleCount.value}) ${fullTitle()}` : fullTitle()
  },
  { flush: 'sync' },
)

export const setTitle = (text: string): void => void (pageTitle.value = text)

/** The title of a page whose name comes from the server. */
export function useTitle(text: () => string): void {
  watchEffect(() => setTitle(text()))
}

let stopWaiting = (): void => undefined

/** Announce the page that was opened: at once, or when it has a title of its own. */
export function announceTitle(isKnown: boolean): void {
  const say = () => announce(t('nav.arrived', { title: fullTitle() }))
  stopWaiting()
  if (isKnown) return say()
  stopWaiting = watch(pageTitle, (title) => {
    if (!title) return
    stopWaiting()
    say()
  })
}
