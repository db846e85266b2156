/**
 * Who was last logged in to this browser, so that a page that it has kept for Back shows nothing of
 * somebody else: requirement B13.
 */
const KEY = 'ublog:user'

/** Whether a log-in may be alive: the server sets this cookie beside the one that nobody reads. */
export const hinted = (): boolean => /(?:^|;\s*)(?:__Host-)?signed_in=/.test(document.cookie)

/** The id of the user; '' for nobody. */
function seenUser(): string {
  try {
    return hinted() ? (localStorage.getItem(KEY) ?? '') : ''
  } catch {
    return ''
  }
}

export function noteUser(id: string): void {
  try {
    if (id) localStorage.setItem(KEY, id)
    else localStorage.removeItem(KEY)
  } catch {
    // Storage is switched off: see `reloadIfKept`.
  }
}

/** Asks the server again, and shows nothing until it has answered. */
function reload(): void {
  document.documentElement.hidden = true
  location.reload()
}

/** Reloads a page that the browser brings back from its memory or its cache, unless it was made for
 *  who is here now. Where storage is switched off, every page of a user is loaded again. */
export function reloadIfKept(user: () => string, cameBack = false): boolean {
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && user() !== seenUser()) reload()
  })
  const stale = cameBack && user() !== seenUser()
  if (stale) reload()
  return stale
}

/** Whether the person came to this page by Back or Forward. */
export function cameBack(): boolean {
  const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return visit?.type === 'back_forward'
}
