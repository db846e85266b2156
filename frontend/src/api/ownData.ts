/** What the site stores for the user, through REST: `/api/profile/data/`. */
import { camelCase } from './camelCase'
import { http } from './http'
import type { RestOwnData } from './types'

export const getOwnData = async (signal?: AbortSignal) =>
  camelCase((await http.get<RestOwnData>('/api/profile/data/', { signal })).data)
/** Have an archive made; while there is one, nothing changes. */
export const requestArchive = async () => {
  await http.post('/api/profile/data/')
}
/** A page of the site, which knows the user by the session: the browser streams it to the disk. */
export const ARCHIVE_URL = '/accounts/data/archive/'
