import { shallowRef } from 'vue'

const announcement = shallowRef('')

/** Says a text to screen readers, through the one live region of the app. */
export function announce(text: string): void {
  // A repeated text is not announced again unless it differs.
  announcement.value = announcement.value === text ? `${text}\u00a0` : text
}

export const useAnnouncer = () => ({ announcement })
