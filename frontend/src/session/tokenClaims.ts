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

/** Return the seconds from `iat` to `exp` (RFC 7519), or `otherwise` when the token names neither.
 *  The clock of this computer only counts them, so a wrong clock does no harm. */
export function lifetime(token: string, otherwise = 60): number {
  const { iat, exp } = claims(token)
  return iat && exp ? exp - iat : otherwise
}

/** Return the id of the user of the token. It only tells the users of this browser apart, for their
 *  drafts: the profile comes from the server. */
export const userOf = (token: string): string => `${claims(token).user_id}`
