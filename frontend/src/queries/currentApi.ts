/** Which of the three APIs the app uses: the user chooses it in the settings. */
import type { ApiId, BlogApi } from '../api/blogApi'
import restViewSet from '../api/restViewSet'
import { useStored } from '../composables/useStored'

export const apiIds: readonly ApiId[] = ['viewset', 'functions', 'graphql']

export const apiId = useStored<ApiId>('api', 'viewset')
if (!apiIds.includes(apiId.value)) apiId.value = 'viewset'

// The default is part of the first route; the others are loaded when they are chosen.
const adapters: Record<ApiId, () => Promise<BlogApi>> = {
  viewset: async () => restViewSet,
  functions: async () => (await import('../api/restFunctions')).default,
  graphql: async () => (await import('../api/graphql')).default,
}

export const blogApi = (): Promise<BlogApi> => adapters[apiId.value]()
