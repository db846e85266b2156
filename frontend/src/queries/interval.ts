/** Milliseconds between two looks at what is shown, while the page is visible. */
export const INTERVAL = 30_000
/** In the background; browsers run timers there once a minute at most. */
export const INTERVAL_HIDDEN = 120_000
