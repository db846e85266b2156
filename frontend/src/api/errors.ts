export type ErrorKind =
  | 'offline'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'invalid'
  | 'stale'
  | 'rate-limited'
  | 'server'

interface Details {
  /** The server's messages by field, names in camelCase. */
  fields?: Record<string, string[]>
  /** The server's message about the request as a whole, in the user's language. */
  detail?: string
  /** Seconds */
  retryAfter?: number
  requestId?: string
}

/** An error of the API, the same for REST and GraphQL. */
export class ApiError extends Error {
  readonly kind: ErrorKind
  readonly fields: Record<string, string[]>
  readonly detail: string
  readonly retryAfter: number
  readonly requestId: string

  constructor(kind: ErrorKind, details: Details = {}) {
    super(details.detail || kind)
    this.name = 'ApiError'
    this.kind = kind
    this.fields = details.fields ?? {}
    this.detail = details.detail ?? ''
    this.retryAfter = details.retryAfter ?? 0
    this.requestId = details.requestId ?? ''
  }
}

export const asApiError = (reason: unknown): ApiError =>
  reason instanceof ApiError ? reason : new ApiError('server')
