/** What the service worker keeps of what a user has read (ADR 30). */
const READ = 'ublog-read'
const READER = 'ublog:reader'

/** Clear it, unless it was this user who read it: '' is a visitor, of whom nothing is private. */
export function clearUnlessReadBy(user: string): void {
  try {
    const reader = localStorage.getItem(READER) ?? ''
    if (reader === user) return
    if (user) localStorage.setItem(READER, user)
    else localStorage.removeItem(READER)
  } catch {
    // Storage is disabled: then there is no cache, either.
  }
  void globalThis.caches?.delete(READ)
}
