/**
 * Loads a user's page again that the browser has kept for Back, unless they are still here, and
 * shows nothing until it is there: requirement B13.
 *
 * Where storage is switched off, this fails at once; then so are cookies, and nobody can log in.
 */
const KEY = 'ublog:user'
const user = document.body.dataset.user
const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]

/** The id of the user who is here now. The server sets the cookie beside the one of the session. */
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
