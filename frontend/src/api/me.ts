import { http } from './http'

export interface Me {
  email: string
  username: string
  display_name: string
  bio: string
  date_joined: string
}

export const getMe = async (signal: AbortSignal) =>
  (await http.get<Me>('/api/profile/', { signal })).data
