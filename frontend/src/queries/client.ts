import { QueryClient } from '@tanstack/vue-query'

export const createClient = () =>
  new QueryClient({
    defaultOptions: {
      // What was lost on the way has been sent again already: api/retry.ts.
      // Without a network a request still reaches the service worker, or fails at once.
      queries: {
        ...{ retry: false, staleTime: 30_000, gcTime: 10 * 60_000 },
        ...{ networkMode: 'always', refetchOnReconnect: true },
      },
    },
  })
