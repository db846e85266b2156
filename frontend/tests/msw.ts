import { http } from 'msw'
import { setupServer } from 'msw/node'
import { createBackEnd } from './mock/handle'

let backEnd = createBackEnd()

/** A fresh blog for one test. */
export function freshBlog() {
  backEnd = createBackEnd()
  return backEnd
}

export const server = setupServer(http.all('*', ({ request }) => backEnd.handle(request)))
