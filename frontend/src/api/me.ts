import { camelCase } from './camelCase'
import { http } from './http'
import type { RestMe } from './types'

export const getMe = async (signal?: AbortSignal) =>
  camelCase((await http.get<RestMe>('/api/profile/', { signal })).data)
