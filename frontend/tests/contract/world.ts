/** What the contract runs against: the blog in memory, or the server at $UBLOG_SERVER, which
 *  tests/e2e/test_adapters.py starts. So the mock and the server cannot drift apart. */
import type { BlogApi } from '../../src/api/blogApi'
import { ApiError } from '../../src/api/errors'
import graphql from '../../src/api/graphql'
import restFunctions from '../../src/api/restFunctions'
import restViewSet from '../../src/api/restViewSet'
import { accessToken, adoptToken } from '../../src/session/session'
import { freshBlog } from '../msw'

export const SERVER = process.env.UBLOG_SERVER
const PASSWORD = process.env.UBLOG_PASSWORD ?? 'correct horse battery'

export const adapters: [string, BlogApi][] = [
  ['REST functions', restFunctions],
  ['REST view set', restViewSet],
  ['GraphQL', graphql],
]

/** Start with Alice, whose display name is Alice Lindqvist, and Bob, who has none; nobody is logged
 *  in. The server keeps the posts of other tests. */
export function resetWorld(): void {
  accessToken.value = null
  if (SERVER) return
  const { blog } = freshBlog()
  blog.person('alice', { displayName: 'Alice Lindqvist' })
  blog.person('bob')
}

export async function logInAs(name: 'alice' | 'bob'): Promise<void> {
  const response = await fetch(`${SERVER ?? location.origin}/api/auth/token/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Ublog': '1' },
    body: JSON.stringify({ email: `${name}@example.org`, password: PASSWORD }),
  })
  if (!response.ok) throw new Error(await response.text())
  adoptToken(((await response.json()) as { access: string }).access)
}

export const logOut = (): void => void (accessToken.value = null)

let words = 0
/** Return a word that no other post has, so that a search finds the posts of one test. */
export const uniqueWord = (): string => `word${Date.now()}x${++words}x`

/** Return the error of a request that must fail. */
export const errorOf = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => Promise.reject(new Error('There was no error.')),
    (reason: unknown) => {
      if (!(reason instanceof ApiError)) throw reason
      return reason
    },
  )

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
export const png = () =>
  new File([Uint8Array.from(atob(PNG), (letter) => letter.charCodeAt(0))], 'lake.png', {
    type: 'image/png',
  })
