import type { Plugin } from 'vite'

/** Replaces modules of two packages that this app never calls by stubs: a quarter of axios, and the
 *  mutations of Vue Query. XHR stays, because only it reports the progress of an upload; of that, the
 *  app reads `progress` alone. The adapters pass FormData and URLSearchParams, so what turns plain
 *  objects into them is replaced, too. Headers are written by this app, so nothing cleans them. */
const unused =
  /\/axios\/lib\/(adapters\/fetch|helpers\/(formDataToJSON|toURLEncodedForm|toFormData|AxiosURLSearchParams|cookies|isURLSameOrigin|parseProtocol|validator|estimateDataURLDecodedBytes|HttpStatusCode|sanitizeHeaderValue|progressEventReducer)|cancel\/CancelToken|core\/assertParamsAcyclic)\.js$|\/query-core\/build\/modern\/mutation(Cache)?\.js$/
const adapters = /\/axios\/lib\/adapters\/adapters\.js$/
const packages = /\/axios\/lib\/|\/query-core\//

const stubs: Record<string, string> = {
  // For all of them. The validators check options that are constant here.
  '\0unused': `
    const nothing = () => {}
    nothing.assertOptions = nothing
    nothing.validators = { transitional: nothing, spelling: nothing }
    export default nothing
    export const getFetch = null
    export const sanitizeHeaderValue = (value) => value
    export const toByteStringHeaderObject = (headers) => headers.toJSON()
    export const progressEventReducer = (listen) => [
      ({ lengthComputable, loaded, total }) =>
        listen({ progress: lengthComputable && total ? loaded / total : undefined }),
      nothing,
    ]
    export const Mutation = nothing
    export const getDefaultState = nothing
    export class MutationCache {
      clear() {}
      async resumePausedMutations() {}
    }`,
  // XHR, unless a request brings an adapter of its own.
  '\0adapters': `
    import xhr from 'axios/unsafe/adapters/xhr.js'
    export default { getAdapter: (wanted) => (typeof wanted === 'function' ? wanted : xhr) }`,
}

export const stubUnused: Plugin = {
  name: 'stub-unused',
  apply: 'build',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!packages.test(importer ?? '')) return null
    const found = await this.resolve(source, importer, { skipSelf: true })
    if (!found) return null
    if (unused.test(found.id)) return '\0unused'
    return adapters.test(found.id) ? '\0adapters' : found
  },
  load: (id) => stubs[id] ?? null,
}

const utilities = /\/axios\/lib\/utils\.js$/
const inAxios = /\/axios\/lib\/.*\.js$/
const exported = /export default \{([^{}]+)\};/
const imported = /import utils from '(\.\.?\/utils\.js)'/

/** Lets the build drop the functions of axios that nothing calls: axios exports them as one object, of
 *  which a build must keep every member and its name. */
export const shakeUtilities: Plugin = {
  name: 'shake-utilities',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    if (utilities.test(id)) {
      const members = exported.exec(code)?.[1]
      if (!members) return this.error('axios exports its utilities in another way than expected.')
      // `hasOwnProp: hasOwnProperty` in an object is `hasOwnProperty as hasOwnProp` in an export.
      const names = members.replace(/(\w+):\s*(\w+)/g, '$2 as $1')
      return { code: code.replace(exported, `export {${names}};`), map: null }
    }
    if (!inAxios.test(id) || !imported.test(code)) return null
    return { code: code.replace(imported, "import * as utils from '$1'"), map: null }
  },
}
