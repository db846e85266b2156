/**
 * Reloads a page of a user that the browser restores for Back, unless the same user is still logged
 * in, and shows nothing until it is loaded (B13 in docs/requirements.md).
 *
 * It asks the cookie with the user's id that the server sets beside that of the session: what one
 * page has put into `localStorage` is not always seen by the next, in another process of Chromium.
 */
const { user, hint } = document.body.dataset
const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]

function check(): void {
  if (document.cookie.split('; ').includes(`${hint}=${user}`)) return
  document.documentElement.hidden = true
  location.reload()
}

addEventListener('pageshow', ({ persisted }) => persisted && check())
if (visit?.type === 'back_forward') check()

export {}
