import { shallowRef } from 'vue'

const announcement = shallowRef('')

/** Announce a text to screen readers, through the live region of the app. */
export function announce(text: string): void {
  // Screen readers announce a change only: let a repeated text differ.
  announcement.value = announcement.value === text ? `${text}\u00a0` : text
}

export const useAnnouncer = () => ({ announcement })
