import { shallowRef } from 'vue'

/** What the feed should put the focus on once it is there: asked for by a key or by the navigation. */
export const wish = shallowRef<'search' | 'composer' | null>(null)
