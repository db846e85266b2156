import type { Plugin } from 'vite'

/** Replaces modules of two packages that this app never calls by stubs: a fifth of axios, and the
 *  mutations of Vue Query. XHR stays, because only it reports the progress of an upload. The adapters
 *  pass FormData and URLSearchParams, so what turns plain objects into them is replaced, too. */
const unused =
  /\/axios\/lib\/(adapters\/fetch|helpers\/(formDataToJSON|toURLEncodedForm|toFormData|AxiosURLSearchParams|cookies|isURLSameOrigin|parseProtocol|validator|estimateDataURLDecodedBytes|HttpStatusCode)|cancel\/CancelToken|core\/assertParamsAcyclic)\.js$|\/query-core\/build\/modern\/mutation\.js$/
const packages = /\/axios\/lib\/|\/query-core\//

// The stub of each module. The validators check options that are constant here.
const stub = `
  const nothing = () => {}
  nothing.assertOptions = nothing
  nothing.validators = { transitional: nothing, spelling: nothing }
  export default nothing
  export const getFetch = null
  export const Mutation = nothing
  export const getDefaultState = nothing`

export const stubUnused: Plugin = {
  name: 'stub-unused',
  apply: 'build',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!packages.test(importer ?? '')) return null
    const found = await this.resolve(source, importer, { skipSelf: true })
    return found && unused.test(found.id) ? '\0unused' : found
  },
  load: (id) => (id === '\0unused' ? stub : null),
}
