/** Lists of people, through REST: the members of the site, and who likes a post. */
import { camelCase } from './camelCase'
import { cursorOf } from './cursor'
import { http } from './http'
import type { Author, RestLikePage, RestMemberPage } from './types'

/** Somebody in a list, with the moment that it shows. */
export interface Listed {
  user: Author
  on: string
}
export interface PeoplePage {
  people: Listed[]
  next: string | null
}
export interface PeopleOptions {
  q?: string
  cursor?: string | null
  signal?: AbortSignal
}

/** How many a search finds: it has one page. */
export const MOST_FOUND = 50

/** The members, newest first; with `q` those with a name that begins so, the best first. */
export async function listMembers({ q, cursor, signal }: PeopleOptions): Promise<PeoplePage> {
  const asked = { ...(q && { q, page_size: String(MOST_FOUND) }), ...(cursor && { cursor }) }
  const params = new URLSearchParams(asked)
  const { data } = await http.get<RestMemberPage>('/api/users/', { params, signal })
  const people = camelCase(data.results).map((user) => ({ user, on: user.dateJoined }))
  return { people, next: cursorOf(data.next) }
}

/** Who likes a post, the latest first. */
export async function listLikes(id: string, options: PeopleOptions): Promise<PeoplePage> {
  const { cursor, signal } = options
  const params = new URLSearchParams(cursor ? { cursor } : {})
  const { data } = await http.get<RestLikePage>(`/api/cbv/posts/${id}/likes/`, { params, signal })
  const people = camelCase(data.results).map(({ user, likedOn }) => ({ user, on: likedOn }))
  return { people, next: cursorOf(data.next) }
}
