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
const IDEMPOTENT = ['get', 'head', 'options', 'put', 'delete']
/** Of a proxy that reached nobody. */
const GATEWAY = [502, 504]
/** Seconds: a longer `Retry-After` is for a person to wait. */
const SOON = 5

const mayRepeat = ({ repeatable, method = 'get', headers }: InternalAxiosRequestConfig): boolean =>
  repeatable ?? (IDEMPOTENT.includes(method.toLowerCase()) || headers.has('Idempotency-Key'))

function wasLost({ response }: AxiosError): boolean {
  if (!response) return true
  if (response.status === 503) return Number(response.headers['retry-after'] ?? 0) <= SOON
  return GATEWAY.includes(response.status)
}

/** The request to send again after a pause, or null when the failure stands.
 *  @throws CanceledError when it is called off meanwhile. */
export async function repetition(reason: unknown): Promise<InternalAxiosRequestConfig | null> {
  if (isCancel(reason) || !isAxiosError(reason) || !reason.config) return null
  const { config } = reason
  const { repeats = 0 } = config
  const pause = PAUSES[repeats]
  if (pause === undefined || !mayRepeat(config) || !wasLost(reason)) return null
  await new Promise((done) => setTimeout(done, pause))
  return { ...config, repeats: repeats + 1 }
}
