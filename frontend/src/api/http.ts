import axios, { isAxiosError, type InternalAxiosRequestConfig } from 'axios'
import { locale } from '../i18n/t'
import { ApiError } from './errors'
import { throwApiError } from './toApiError'

declare module 'axios' {
  interface AxiosRequestConfig {
    retried?: boolean
    /** Whether it was sent without a token: the response says for whom it is. */
    byCookie?: boolean
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
  /** The id of the user for whom the page is, '' for a visitor. */
  expected(): string
  /** Says that the page shows what this user may see. */
  shown(user: string): void
}

const anonymous: TokenSource = {
  current: () => null,
  fresh: () => Promise.resolve(null),
  renew: () => Promise.resolve(null),
  expected: () => '',
  shown: () => undefined,
}
let tokens = anonymous
/** Let requests be sent with these tokens: session/session.ts does it. */
export const setTokenSource = (source: TokenSource): void => void (tokens = source)

/** Every request of the app but those of the session itself. No form on another site can send
 *  `X-Ublog`, so that the server can take it as proof that the app sends the request. */
export const http = axios.create({ headers: { 'X-Ublog': '1' }, xsrfCookieName: '' })

/** Loaded beside the first page, not before it: it is needed only when a request fails. */
const retry = import('./retry').catch(() => null)

/** What the HTML has had the browser fetch by the cookies of the pages, each for one use. */
const preloaded = new Set(
  [...document.querySelectorAll<HTMLLinkElement>('link[as=fetch]')].map(({ href }) => href),
)

const isPreloaded = (config: InternalAxiosRequestConfig) =>
  config.method === 'get' &&
  preloaded.delete(new URL(http.getUri(config), location.href).href) &&
  !config.retried

http.interceptors.request.use(async (config) => {
  config.headers.set('Accept-Language', locale.value)
  const before = tokens.current()
  config.byCookie = before === null && isPreloaded(config)
  if (config.byCookie) return config
  // A public list with an expired token is a 401, so renew the token before sending.
  const token = await tokens.fresh().catch((reason: unknown) => {
    // Without a network the service worker may have what was read last.
    if (config.method !== 'get' || config.retried) throw reason
    config.byCookie = true
    return null
  })
  // What a user writes must not be sent as a visitor's when their session has just ended.
  if (before && !token && config.method !== 'get') throw new ApiError('unauthorized')
  if (token) config.headers.set('Authorization', `Bearer ${token}`)
  return config
})

/** Send a request once more, with a token. */
const sendAgain = (config: InternalAxiosRequestConfig) => http.request({ ...config, retried: true })

/** Renew the token after a 401 and send the request once more. */
async function retryOnce(config: InternalAxiosRequestConfig) {
  const sent = config.headers.get('Authorization')
  const current = tokens.current()
  const token = current && sent !== `Bearer ${current}` ? current : await tokens.renew()
  return token ? sendAgain(config) : null
}

http.interceptors.response.use(
  (response) => {
    if (!response.config.byCookie) return response
    const user = tokens.expected()
    if ((response.headers['x-ublog-user'] ?? '') !== user) return sendAgain(response.config)
    tokens.shown(user)
    return response
  },
  async (reason: unknown) => {
    if (!isAxiosError(reason) || !reason.config) return throwApiError(reason)
    const { config } = reason
    if (config.byCookie && tokens.expected() && reason.response) return sendAgain(config)
    const wait = (await retry)?.repeats(reason, config)
    if (wait) return wait.then(() => http.request(config))
    if (reason.response?.status === 401 && !config.retried && config.headers.get('Authorization')) {
      const response = await retryOnce(config)
      if (response) return response
    }
    return throwApiError(reason)
  },
)
