/** RFC 7519: the seconds from `iat` to `exp`. Our own clock only counts them, so that a computer
 *  whose clock is wrong renews at the right moment. Nothing else of the token is ever read. */
export function lifetime(token: string, otherwise = 60): number {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    const { iat, exp } = JSON.parse(atob(payload)) as { iat?: number; exp?: number }
    return typeof iat === 'number' && typeof exp === 'number' ? exp - iat : otherwise
  } catch {
    return otherwise
  }
}
