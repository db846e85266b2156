import type { Plugin } from 'vite'

/** Leaves out the parts of axios that this app never calls, a fifth of it. XHR stays: only it
 *  reports how much of an upload is sent. Left out too is what turns plain objects into forms and
 *  queries: `http.ts` and the adapters give FormData and URLSearchParams. */
const unused =
  /\/(adapters\/fetch|helpers\/(formDataToJSON|toURLEncodedForm|toFormData|AxiosURLSearchParams|cookies|isURLSameOrigin|parseProtocol|validator|estimateDataURLDecodedBytes|HttpStatusCode)|cancel\/CancelToken|core\/assertParamsAcyclic)\.js$/

// Stands in for each of them. The validators check settings that are fixed at build time here.
const nothing = `
  const nothing = () => {}
  nothing.assertOptions = nothing
  nothing.validators = { transitional: nothing, spelling: nothing }
  export default nothing
  export const getFetch = null`

export const slimAxios: Plugin = {
  name: 'slim-axios',
  apply: 'build',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!importer?.includes('/axios/lib/')) return null
    const found = await this.resolve(source, importer, { skipSelf: true })
    return found && unused.test(found.id) ? '\0unused' : found
  },
  load: (id) => (id === '\0unused' ? nothing : null),
}
