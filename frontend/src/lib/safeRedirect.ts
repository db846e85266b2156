/** `?next=` leads only to our own pages: a path, never another site (C7 in docs/requirements.md). */
export function safeRedirect(next: unknown): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])/.test(next)) return '/'
  // Tabs and line ends are dropped by browsers: "/\t/evil" would become "//evil".
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u001f\\]/.test(next) ? '/' : next
}
