import { shallowRef } from 'vue'

/** What gets the focus as soon as it is rendered, set by a shortcut or by the navigation: a part of the
 *  timeline, or the composer of a reply. */
export const focusRequest = shallowRef<'search' | 'composer' | 'reply' | null>(null)
