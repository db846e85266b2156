/** Return `next` if it is a path on this site, else `/` (C7 in docs/requirements.md). */
export function safeRedirect(next: unknown): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])/.test(next)) return '/'
  // Browsers drop tabs and line ends: "/\t/evil" would become "//evil".
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u001f\\]/.test(next) ? '/' : next
}
