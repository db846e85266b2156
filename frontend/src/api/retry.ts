/** Sending again what was lost on the way, when doing it twice does no more than doing it once. */
import { isAxiosError, isCancel, type AxiosError, type InternalAxiosRequestConfig } from 'axios'

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

const mayRepeat = ({ repeatable, method = '', headers }: InternalAxiosRequestConfig): boolean =>
  repeatable ?? (!/^p(os|atc)/i.test(method) || headers.has('Idempotency-Key'))

/** Nobody answered, or a proxy reached nobody, or somebody is back within five seconds: to wait
 *  longer is for a person to decide. */
const wasLost = ({ response }: AxiosError): boolean =>
  !response ||
  [502, 504].includes(response.status) ||
  (response.status === 503 && !(Number(response.headers['retry-after']) > 5))

/** The request to send again after a pause, or null when the failure stands. */
export async function repetition(reason: unknown): Promise<InternalAxiosRequestConfig | null> {
  if (isCancel(reason) || !isAxiosError(reason) || !reason.config) return null
  const { config } = reason
  const { repeats = 0 } = config
  if (repeats >= PAUSES.length || !mayRepeat(config) || !wasLost(reason)) return null
  await new Promise((done) => setTimeout(done, PAUSES[repeats]))
  return { ...config, repeats: repeats + 1 }
}
