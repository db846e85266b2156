/** Whom and which conversations the user mutes, through REST. */
import { camelCase } from './camelCase'
import { http } from './http'
import type { Mute, RestMutes } from './types'

export const listMutes = async (signal?: AbortSignal): Promise<Mute[]> =>
  camelCase((await http.get<RestMutes>('/api/mutes/', { signal })).data).results

const setMute = (url: string, on: boolean) => http.request({ method: on ? 'put' : 'delete', url })

export const muteUser = async (username: string, on: boolean) => {
  await setMute(`/api/cbv/users/${encodeURIComponent(username)}/mute/`, on)
}
/** Mute the conversation of a post. */
export const mutePost = async (id: number, on: boolean) => {
  await setMute(`/api/cbv/posts/${id}/mute/`, on)
}
