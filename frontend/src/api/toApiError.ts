/** Turns an axios failure into an ApiError: the only place that knows HTTP statuses. */
import { isAxiosError, isCancel, type AxiosResponse } from 'axios'
import { camelName } from './camelCase'
import { ApiError, type ErrorKind } from './errors'

const kinds: Record<number, ErrorKind> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  410: 'not-found',
  412: 'stale',
  429: 'rate-limited',
}

const kindOf = (status: number): ErrorKind => kinds[status] ?? (status < 500 ? 'invalid' : 'server')

const messages = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string')

/** Return the messages of a response of Django REST framework: `{"field": ["message"]}` or
 *  `{"detail": "message"}`. */
function messagesOf(data: unknown): { fields: Record<string, string[]>; detail: string } {
  const fields: Record<string, string[]> = {}
  let detail = ''
  if (typeof data !== 'object' || data === null) return { fields, detail }
  for (const [name, value] of Object.entries(data)) {
    const texts = messages(value)
    if (!texts.length) continue
    if (name === 'detail' || name === 'non_field_errors') detail = texts.join(' ')
    else fields[camelName(name)] = texts
  }
  return { fields, detail }
}

/** `Retry-After` is seconds or a date: RFC 9110, section 10.2.3. */
function retryAfter(header: unknown): number {
  const text = String(header)
  const seconds = /^\d+$/.test(text) ? +text : (Date.parse(text) - Date.now()) / 1000
  return Math.max(0, Math.ceil(seconds)) || 0
}

const fromResponse = (response: AxiosResponse): ApiError =>
  new ApiError(kindOf(response.status), {
    ...messagesOf(response.data),
    retryAfter: retryAfter(response.headers['retry-after']),
    requestId: String(response.headers['x-request-id'] ?? ''),
  })

/** @throws ApiError, or the cancellation itself which the query cache ignores. */
export function throwApiError(reason: unknown): never {
  if (isCancel(reason) || !isAxiosError(reason)) throw reason
  throw reason.response ? fromResponse(reason.response) : new ApiError('offline')
}
