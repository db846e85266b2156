const claims = (token: string): Record<string, unknown> => {
  const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
  return JSON.parse(atob(payload)) as Record<string, unknown>
}

/** The id of the token's user, which only tells one from another in this browser: whose drafts are
 *  whose. Who they are is asked of the server. */
export function userOf(token: string): string {
  try {
    return String(claims(token).user_id ?? 'unknown')
  } catch {
    return 'unknown'
  }
}

/** RFC 7519: the seconds from `iat` to `exp`. Our own clock only counts them, so that a computer
 *  whose clock is wrong renews at the right moment. */
export function lifetime(token: string, otherwise = 60): number {
  try {
    const { iat, exp } = claims(token)
    return typeof iat === 'number' && typeof exp === 'number' ? exp - iat : otherwise
  } catch {
    return otherwise
  }
}
