import { watchEffect } from 'vue'

export const titled = (text: string): string => (text ? `${text} · μblog` : 'μblog')

/** The title of a page whose name comes from the server. */
export function useTitle(text: () => string): void {
  watchEffect(() => (document.title = titled(text())))
}
