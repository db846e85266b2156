/** Accounts have one door: REST under /api/auth/ and /api/profile/. */
import { http } from './http'
import type { Me } from './me'

export interface Person {
  username: string
  display_name: string
  bio: string
  date_joined: string
  post_count?: number
}

export interface Session {
  id: string
  created_on: string
  last_used_on: string
  user_agent: string
  current: boolean
}

/** A page of them, as REST answers it. */
export interface SessionPage {
  next: string | null
  results: Session[]
}

const post = async <T = unknown>(address: string, data: object): Promise<T> =>
  (await http.post<T>(`/api/auth/${address}/`, data)).data

/** Sends the activation link; asking again sends it again. */
export const register = (email: string) => post('register', { email })
export const activate = (data: { token: string; password: string; username?: string }) =>
  post('activate', data)
export const requestReset = (email: string) => post('password-reset', { email })
export const confirmReset = (token: string, password: string) =>
  post('password-reset/confirm', { token, password })
export const changePassword = async (current_password: string, new_password: string) =>
  (await post<{ access: string }>('password-change', { current_password, new_password })).access
export const requestEmailChange = (email: string, password: string) =>
  post('email-change', { email, password })
export const confirmEmailChange = (token: string) => post('email-change/confirm', { token })

export const updateMe = async (data: Partial<Me>) =>
  (await http.patch<Me>('/api/profile/', data)).data
export const deleteMe = async (data: { password: string; posts: 'keep' | 'delete' }) => {
  await http.delete('/api/profile/', { data })
}
export const getPerson = async (username: string, signal: AbortSignal) =>
  (await http.get<Person>(`/api/users/${encodeURIComponent(username)}/`, { signal })).data

export const listSessions = async (cursor: string | null, signal: AbortSignal) => {
  const params = new URLSearchParams(cursor ? { cursor } : {})
  return (await http.get<SessionPage>('/api/auth/sessions/', { params, signal })).data
}
export const endSession = async (id: Session['id']) => {
  await http.delete(`/api/auth/sessions/${id}/`)
}
export const endAllSessions = async () => {
  await http.delete('/api/auth/sessions/')
}
