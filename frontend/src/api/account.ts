/** Accounts, through REST: `/api/auth/`, `/api/profile/` and `/api/users/`. */
import { camelCase } from './camelCase'
import { http } from './http'
import type {
  Author,
  Me,
  RestMe,
  RestMemberPage,
  RestPerson,
  RestSessionPage,
  Session,
} from './types'

const post = async <T = unknown>(path: string, data: object): Promise<T> =>
  (await http.post<T>(`/api/auth/${path}/`, data)).data

/** Send the activation link; calling it again sends the link again. `activation` is its token, where
 *  an invitation is enough and no mail is sent. */
export const register = (email: string, invitation = '') =>
  post<{ activation?: string }>('register', { email, ...(invitation && { invitation }) })
/** Activate an account, and return whether a moderator has to approve it first. */
export const activate = async (data: {
  token: string
  password: string
  username?: string
  reason?: string
}) => (await http.post('/api/auth/activate/', data)).status === 202
export const requestReset = (email: string) => post('password-reset', { email })
export const confirmReset = (token: string, password: string) =>
  post('password-reset/confirm', { token, password })
/** Return the access token of the new session: the change ends all sessions. */
export const changePassword = async (current_password: string, new_password: string) =>
  (await post<{ access: string }>('password-change', { current_password, new_password })).access
export const requestEmailChange = (email: string, password: string) =>
  post('email-change', { email, password })
export const confirmEmailChange = (token: string) => post('email-change/confirm', { token })

export const updateMe = async ({
  displayName: display_name,
  emailNotifications: email_notifications,
  timeZone: time_zone,
  ...rest
}: Partial<Me>) => {
  const changes = { ...rest, display_name, email_notifications, time_zone }
  return camelCase((await http.patch<RestMe>('/api/profile/', changes)).data)
}
export const deleteMe = async (data: { password: string; posts: 'keep' | 'delete' }) => {
  await http.delete('/api/profile/', { data })
}
/** Set the profile picture, or remove it. */
export const setAvatar = async (avatar: File | null) => {
  const url = '/api/profile/avatar/'
  const sent = avatar ? http.putForm<RestMe>(url, { avatar }) : http.delete<RestMe>(url)
  return camelCase((await sent).data)
}
export const getPerson = async (username: string, signal?: AbortSignal) => {
  const url = `/api/users/${encodeURIComponent(username)}/`
  return camelCase((await http.get<RestPerson>(url, { signal })).data)
}

/** Return users with a name that begins so, the best first. */
export const searchPeople = async (q: string, signal?: AbortSignal): Promise<Author[]> => {
  const params = new URLSearchParams({ q })
  return camelCase((await http.get<RestMemberPage>('/api/users/', { params, signal })).data).results
}

export const listSessions = async (cursor: string | null, signal?: AbortSignal) => {
  const params = new URLSearchParams(cursor ? { cursor } : {})
  const { data } = await http.get<RestSessionPage>('/api/auth/sessions/', { params, signal })
  return camelCase(data)
}
export const endSession = async (id: Session['id']) => {
  await http.delete(`/api/auth/sessions/${id}/`)
}
export const endAllSessions = async () => {
  await http.delete('/api/auth/sessions/')
}
