import axios, { isAxiosError, type InternalAxiosRequestConfig } from 'axios'
import { locale } from '../i18n/t'
import { ApiError } from './errors'
import { throwApiError } from './toApiError'

declare module 'axios' {
  interface AxiosRequestConfig {
    retried?: boolean
  }
}

/** Where requests get their access token. */
export interface TokenSource {
  /** The token that this tab has. */
  current(): string | null
  /** The token to send now, renewed before it expires. */
  fresh(): Promise<string | null>
  /** A new token, or null when the session is over. */
  renew(): Promise<string | null>
}

const anonymous: TokenSource = {
  current: () => null,
  fresh: () => Promise.resolve(null),
  renew: () => Promise.resolve(null),
}
let tokens = anonymous
/** Let requests be sent with these tokens: session/session.ts does it. */
export const setTokenSource = (source: TokenSource): void => void (tokens = source)

/** Every request of the app but those of the session itself. No form on another site can send
 *  `X-Ublog`, so that the server can take it as proof that the app sends the request. */
export const http = axios.create({ headers: { 'X-Ublog': '1' }, xsrfCookieName: '' })

/** Loaded beside the first page, not before it: it is needed only when a request fails. */
const retry = import('./retry').catch(() => null)

http.interceptors.request.use(async (config) => {
  // A public list with an expired token is a 401, so renew the token before sending.
  const before = tokens.current()
  const token = await tokens.fresh()
  // What a user writes must not be sent as a visitor's when their session has just ended.
  if (before && !token && config.method !== 'get') throw new ApiError('unauthorized')
  if (token) config.headers.set('Authorization', `Bearer ${token}`)
  config.headers.set('Accept-Language', locale.value)
  return config
})

/** Renew the token after a 401 and send the request once more. */
async function retryOnce(config: InternalAxiosRequestConfig) {
  const sent = config.headers.get('Authorization')
  const current = tokens.current()
  const token = current && sent !== `Bearer ${current}` ? current : await tokens.renew()
  return token ? http.request({ ...config, retried: true }) : null
}

http.interceptors.response.use(undefined, async (reason: unknown) => {
  if (isAxiosError(reason) && reason.config) {
    const { config } = reason
    const wait = (await retry)?.repeats(reason, config)
    if (wait) return wait.then(() => http.request(config))
    if (reason.response?.status === 401 && !config.retried && config.headers.get('Authorization')) {
      const response = await retryOnce(config)
      if (response) return response
    }
  }
  return throwApiError(reason)
})
