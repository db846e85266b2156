/** Sends a request again when its response was lost and sending it twice does no harm. */
import type { AxiosError, InternalAxiosRequestConfig } from 'axios'
import { pause } from '../lib/pause'

declare module 'axios' {
  interface AxiosRequestConfig {
    /** Whether it may be sent again: by default if its method is idempotent, or it has a key. */
    repeatable?: boolean
    /** How many times it was sent again. */
    repeats?: number
  }
}

/** Milliseconds before each further attempt, unless the server asks for more. A process that was
 *  killed is replaced sooner. */
export const PAUSES = [300, 1200]

const mayRepeat = ({ repeatable, method, headers }: InternalAxiosRequestConfig) =>
  repeatable ?? !(/^p[oa]/.test(`${method}`) && !headers['Idempotency-Key'])

/** Whether there was no response, or a 502 to 504 that lasts at most five seconds: a longer wait is
 *  the user's decision. */
const wasLost = ({ code, response }: AxiosError) =>
  response
    ? /50[2-4]/.test(`${response.status}`) && !(response.headers['retry-after'] > 5)
    : code === 'ERR_NETWORK'

/** Return a promise that resolves when the request may be sent again; undefined if it may not. */
export function repeats(reason: AxiosError, config: InternalAxiosRequestConfig) {
  const wait = PAUSES[(config.repeats ??= 0)]
  if (!wait || !mayRepeat(config) || !wasLost(reason)) return
  config.repeats++
  return pause(Math.max(wait, 1000 * (reason.response?.headers['retry-after'] || 0)))
}
