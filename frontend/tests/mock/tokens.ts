/** Unsigned tokens in the right shape, and the refresh cookies that belong to people. */
import type { FakeBlog, User } from './blog.ts'

const encode = (data: object) => btoa(JSON.stringify(data)).replace(/=+$/, '')

export class Tokens {
  lifetime = 300
  chains = new Map<string, number>()
  private blog: FakeBlog
  private count = 0

  constructor(blog: FakeBlog) {
    this.blog = blog
  }

  access(user: User): string {
    const iat = Math.floor(Date.now() / 1000)
    const payload = { user_id: user.id, iat, exp: iat + this.lifetime, jti: ++this.count }
    return `${encode({ alg: 'none' })}.${encode(payload)}.x`
  }

  /** Undefined when the token is bad, null for an anonymous request. */
  viewer(request: Request): User | null | undefined {
    const header = request.headers.get('Authorization')
    if (!header) return null
    try {
      const payload = JSON.parse(atob(header.split('.')[1] ?? '')) as {
        user_id: number
        exp: number
      }
      if (payload.exp * 1000 < Date.now()) return undefined
      return this.blog.users.find((user) => user.id === payload.user_id)
    } catch {
      return undefined
    }
  }

  cookies(user: User | null): Headers {
    const id = `r${++this.count}`
    if (user) this.chains.set(id, user.id)
    const age = user ? 1_209_600 : 0
    const headers = new Headers()
    headers.append('Set-Cookie', `refresh=${id}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${age}`)
    headers.append('Set-Cookie', `logged_in=1; SameSite=Lax; Path=/; Max-Age=${age}`)
    return headers
  }

  holder(request: Request): User | null {
    const id = /refresh=(\w+)/.exec(request.headers.get('Cookie') ?? '')?.[1] ?? ''
    const userId = this.chains.get(id)
    return this.blog.users.find((user) => user.id === userId) ?? null
  }
}
