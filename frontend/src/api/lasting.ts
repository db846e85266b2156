import { AxiosError, AxiosHeaders, type AxiosRequestConfig } from 'axios'

/** For a request that may be sent while the page is being left: it outlives the page, which XHR
 *  does not. */
export const lasting: AxiosRequestConfig = {
  async adapter(config) {
    const { baseURL = '', url = '', method, data, headers } = config
    const sent = { method: method?.toUpperCase(), body: data, headers: { ...headers.toJSON() } }
    const answer = await fetch(baseURL + url, { ...sent, keepalive: true } as RequestInit).catch(
      () => {
        throw new AxiosError('Network Error', AxiosError.ERR_NETWORK, config)
      },
    )
    const { status, statusText } = answer
    const response = {
      data: await answer.text(),
      status,
      statusText,
      headers: AxiosHeaders.from(Object.fromEntries(answer.headers)),
      config,
    }
    if (answer.ok) return response
    throw new AxiosError(statusText, AxiosError.ERR_BAD_RESPONSE, config, null, response)
  },
}
