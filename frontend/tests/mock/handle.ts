import { auth, people } from './accounts.ts'
import { FakeBlog, MockError } from './blog.ts'
import { mutes } from './mutes.ts'
import { graphQL, rest, restNotifications } from './posts.ts'
import { Tokens } from './tokens.ts'

export function createBackEnd(blog = new FakeBlog()) {
  const tokens = new Tokens(blog)

  function dispatch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    const viewer = tokens.viewer(request)
    if (viewer === undefined) throw new MockError(401, '', 'Given token not valid.')
    if (pathname.startsWith('/api/auth/')) return auth(blog, tokens, request, viewer)
    if (pathname.startsWith('/graphql/')) return graphQL(blog, request, viewer)
    if (/\/mutes?\/$/.test(pathname)) return mutes(blog, request, viewer)
    if (/^\/api\/(profile|users)\//.test(pathname)) return people(blog, request, viewer)
    if (/^\/api\/.bv\/notifications\//.test(pathname))
      return restNotifications(blog, request, viewer)
    return rest(blog, request, viewer)
  }

  async function handle(request: Request): Promise<Response> {
    try {
      return await dispatch(request)
    } catch (reason) {
      if (!(reason instanceof MockError)) throw reason
      const { status, fields, message } = reason
      const body = Object.keys(fields).length ? fields : { detail: message }
      return Response.json(body, { status })
    }
  }
  return { blog, tokens, handle }
}
