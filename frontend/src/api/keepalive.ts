import { AxiosError, AxiosHeaders, type AxiosRequestConfig } from 'axios'

/** For a request that may be sent while the page is unloading: `fetch` with `keepalive` outlives the
 *  page, XHR does not. */
export const keepalive: AxiosRequestConfig = {
  async adapter(config) {
    const { baseURL = '', url = '', method, data, headers } = config
    const sent = { method: method?.toUpperCase(), body: data, headers: { ...headers.toJSON() } }
    const fetched = await fetch(baseURL + url, { ...sent, keepalive: true } as RequestInit).catch(
      () => {
        throw new AxiosError('Network Error', AxiosError.ERR_NETWORK, config)
      },
    )
    const { status, statusText } = fetched
    const response = {
      data: await fetched.text(),
      status,
      statusText,
      headers: AxiosHeaders.from(Object.fromEntries(fetched.headers)),
      config,
    }
    if (fetched.ok) return response
    throw new AxiosError(statusText, AxiosError.ERR_BAD_RESPONSE, config, null, response)
  },
}
