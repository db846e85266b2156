import { Blob, File } from 'node:buffer'
import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import { http } from '../src/api/http'
import { PAUSES } from '../src/api/retry'
import { server } from './msw'

beforeAll(async () => {
  // jsdom's own forms and files do not survive Node's fetch; Node's do.
  const form = await new Response(new URLSearchParams()).formData()
  vi.stubGlobal('FormData', form.constructor)
  vi.stubGlobal('Blob', Blob)
  vi.stubGlobal('File', File)
  PAUSES.fill(20) // milliseconds: no test waits as long as people do
  Object.assign(http.defaults, { adapter: 'fetch', baseURL: location.origin })
  server.listen({ onUnhandledFrame: 'error' })
})
afterEach(() => server.resetHandlers())
afterAll(() => server.close())
