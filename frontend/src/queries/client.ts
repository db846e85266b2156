import { QueryClient } from '@tanstack/vue-query'
import { asApiError } from '../api/errors'

/** Trying again helps only when nobody answered or the server stumbled. What was lost on the way
 *  has been sent again before: see api/retry.ts. */
const worthAnotherTry = (count: number, reason: unknown) =>
  count < 1 && ['offline', 'server'].includes(asApiError(reason).kind)

export const createClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: worthAnotherTry, staleTime: 30_000, gcTime: 10 * 60_000 },
    },
  })
