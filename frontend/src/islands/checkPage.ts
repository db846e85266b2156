/**
 * Reloads a page of a user that the browser restores for Back, unless the same user is still logged
 * in, and shows nothing until it is loaded (B13 in docs/requirements.md).
 *
 * Without storage this throws at once; then there are no cookies either, and nobody can log in.
 */
const KEY = 'ublog:user'
const user = document.body.dataset.user
const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]

/** Return the id of the current user. The server sets the cookie beside that of the session. */
const seenUser = () =>
  document.cookie.includes(`${document.body.dataset.hint}=`) && localStorage.getItem(KEY)

function check(): void {
  if (user === seenUser()) return
  document.documentElement.hidden = true
  location.reload()
}

addEventListener('pageshow', ({ persisted }) => persisted && check())
if (visit?.type === 'back_forward') check()
else localStorage.setItem(KEY, user ?? '')

export {}
