import { watchEffect } from 'vue'
import { siteName } from '../lib/site'

export const titled = (text: string): string => (text ? `${text} · ${siteName}` : siteName)

/** The title of a page whose name comes from the server. */
export function useTitle(text: () => string): void {
  watchEffect(() => (document.title = titled(text())))
}
