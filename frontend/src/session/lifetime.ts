interface Claims {
  iat?: number
  exp?: number
  user_id?: number
}

function claims(token: string): Claims {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    return JSON.parse(atob(payload)) as Claims
  } catch {
    return {}
  }
}

/** RFC 7519: the seconds from `iat` to `exp`. Our own clock only counts them, so that a computer
 *  whose clock is wrong renews at the right moment. */
export function lifetime(token: string, otherwise = 60): number {
  const { iat, exp } = claims(token)
  return iat && exp ? exp - iat : otherwise
}

/** The id of the token's user, which only tells one from another in this browser: whose drafts are
 *  whose. Who they are is asked of the server. */
export const userOf = (token: string): string => `${claims(token).user_id}`
