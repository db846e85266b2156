/** Milliseconds between two looks at what is shown, while the page is visible. */
export const INTERVAL = 30_000
