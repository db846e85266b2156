/** Which of the three doors the app uses: the person chooses in the settings. */
import { useStored } from '../composables/useStored'
import type { ApiId, BlogApi } from './port'
import restViewSet from './restViewSet'

export const apiIds: readonly ApiId[] = ['viewset', 'functions', 'graphql']

export const apiId = useStored<ApiId>('api', 'viewset')
if (!apiIds.includes(apiId.value)) apiId.value = 'viewset'

// The default comes with the app; the other doors are loaded when somebody chooses them.
const doors: Record<ApiId, () => Promise<BlogApi>> = {
  viewset: async () => restViewSet,
  functions: async () => (await import('./restFunctions')).default,
  graphql: async () => (await import('./graphql')).default,
}

export const blogApi = (): Promise<BlogApi> => doors[apiId.value]()
