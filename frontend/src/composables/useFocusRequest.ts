import { shallowRef } from 'vue'

/** The part of the timeline that gets the focus as soon as it is rendered: set by a shortcut or by the
 *  navigation. */
export const focusRequest = shallowRef<'search' | 'composer' | null>(null)
