import { Blob, File } from 'node:buffer'
import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import { http } from '../src/api/http'
import { PAUSES } from '../src/api/retry'
import { server } from './msw'

/** The URL of a running server that tests/contract/ runs against instead of the mock. */
const SERVER = process.env.UBLOG_SERVER

beforeAll(async () => {
  // Node's fetch does not accept the forms and files of jsdom, only its own.
  const form = await new Response(new URLSearchParams()).formData()
  vi.stubGlobal('FormData', form.constructor)
  vi.stubGlobal('Blob', Blob)
  vi.stubGlobal('File', File)
  vi.stubGlobal('matchMedia', () => ({ matches: true })) // jsdom has none: no motion is wanted
  PAUSES.fill(20) // milliseconds, so that tests do not wait as long as users do
  Object.assign(http.defaults, { adapter: 'fetch', baseURL: SERVER ?? location.origin })
  if (!SERVER) server.listen({ onUnhandledFrame: 'error' })
})
afterEach(() => server.resetHandlers())
afterAll(() => {
  if (!SERVER) server.close()
})
