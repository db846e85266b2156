import type { Plugin } from 'vite'

/** Leaves out the parts of two packages that this app never calls: a fifth of axios, and the
 *  mutations of Vue Query. XHR stays: only it reports how much of an upload is sent. Left out too is
 *  what turns plain objects into forms and queries: `http.ts` and the adapters give FormData and
 *  URLSearchParams. */
const unused =
  /\/axios\/lib\/(adapters\/fetch|helpers\/(formDataToJSON|toURLEncodedForm|toFormData|AxiosURLSearchParams|cookies|isURLSameOrigin|parseProtocol|validator|estimateDataURLDecodedBytes|HttpStatusCode)|cancel\/CancelToken|core\/assertParamsAcyclic)\.js$|\/query-core\/build\/modern\/mutation\.js$/
const packages = /\/axios\/lib\/|\/query-core\//

// Stands in for each of them. The validators check settings that are fixed at build time here.
const nothing = `
  const nothing = () => {}
  nothing.assertOptions = nothing
  nothing.validators = { transitional: nothing, spelling: nothing }
  export default nothing
  export const getFetch = null
  export const Mutation = nothing
  export const getDefaultState = nothing`

export const stubUnused: Plugin = {
  name: 'slim',
  apply: 'build',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!packages.test(importer ?? '')) return null
    const found = await this.resolve(source, importer, { skipSelf: true })
    return found && unused.test(found.id) ? '\0unused' : found
  },
  load: (id) => (id === '\0unused' ? nothing : null),
}
