/** Sending again what was lost on the way, when doing it twice does no more than doing it once. */
import type { AxiosError, InternalAxiosRequestConfig } from 'axios'
import { pause } from '../session/session'

declare module 'axios' {
  interface AxiosRequestConfig {
    /** Whether it may be sent again; by default what HTTP says of its method, and a key. */
    repeatable?: boolean
    /** How many times it was sent again. */
    repeats?: number
  }
}

/** Milliseconds before each further try. A process that was killed is replaced sooner. */
export const PAUSES = [300, 1200]

const mayRepeat = ({ repeatable, method, headers }: InternalAxiosRequestConfig) =>
  repeatable ?? !(/^p[oa]/.test(`${method}`) && !headers['Idempotency-Key'])

/** Nobody answered, or nobody does for at most five seconds: to wait longer is for a person to
 *  decide. */
const wasLost = ({ code, response }: AxiosError) =>
  response
    ? /50[2-4]/.test(`${response.status}`) && !(response.headers['retry-after'] > 5)
    : code === 'ERR_NETWORK'

/** A promise of the moment to send the request again, or nothing when the failure stands. */
export function repeats(reason: AxiosError, config: InternalAxiosRequestConfig) {
  const wait = PAUSES[(config.repeats ??= 0)]
  if (!wait || !mayRepeat(config) || !wasLost(reason)) return
  config.repeats++
  return pause(wait)
}
