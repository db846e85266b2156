import axios, { isAxiosError, type InternalAxiosRequestConfig } from 'axios'
import { locale } from '../i18n/t'
import { accessToken, freshToken, renew } from '../session/session'
import { translate } from './translate'

declare module 'axios' {
  interface AxiosRequestConfig {
    retried?: boolean
  }
}

/** Every request of the app but those of the session itself. `X-Ublog` cannot be sent by a form
 *  of another site, so the server may take it as proof that the app is asking. */
export const http = axios.create({ headers: { 'X-Ublog': '1' }, xsrfCookieName: '' })

/** Loaded beside the first page, not before it: it is needed when something fails. */
const retry = import('./retry').catch(() => null)

http.interceptors.request.use(async (config) => {
  // An expired token on a public list would show a stranger's view, so renew before sending.
  const token = await freshToken()
  if (token) config.headers.set('Authorization', `Bearer ${token}`)
  config.headers.set('Accept-Language', locale.value)
  return config
})

/** The token that came with the request was refused: renew it and send once more. */
async function retryOnce(config: InternalAxiosRequestConfig) {
  const sent = config.headers.get('Authorization')
  const current = accessToken.value
  const token = current && sent !== `Bearer ${current}` ? current : await renew()
  return token ? http.request({ ...config, retried: true }) : null
}

http.interceptors.response.use(undefined, async (reason: unknown) => {
  if (isAxiosError(reason) && reason.config) {
    const { config } = reason
    const again = (await retry)?.repeats(reason, config)
    if (again) return again.then(() => http.request(config))
    if (reason.response?.status === 401 && !config.retried && config.headers.get('Authorization')) {
      const answer = await retryOnce(config)
      if (answer) return answer
    }
  }
  return translate(reason)
})
