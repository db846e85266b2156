/** Reports, and what moderators see and do, through REST. */
import { camelCase } from './camelCase'
import { http } from './http'
import type { RestDeletions, RestQueuePage, RestWaiting } from './types'

const at = '/api/moderation/'
const userAt = (username: string) => `users/${encodeURIComponent(username)}/`

export const reportPost = async (id: number, reason: string) => {
  await http.post(`/api/cbv/posts/${id}/report/`, { reason })
}
export const reportUser = async (username: string, reason: string) => {
  await http.post(`/api/cbv/${userAt(username)}report/`, { reason })
}

export const listQueue = async (cursor: string | null, signal?: AbortSignal) => {
  const params = new URLSearchParams(cursor ? { cursor } : {})
  return camelCase((await http.get<RestQueuePage>(`${at}queue/`, { params, signal })).data)
}
/** How much waits for the moderators. */
export const countWaiting = async (signal?: AbortSignal) =>
  (await http.get<RestWaiting>(`${at}waiting/`, { signal })).data.count
/** The latest large deletions, with how far they are. */
export const listDeletions = async (signal?: AbortSignal) =>
  camelCase((await http.get<RestDeletions>(`${at}deletions/`, { signal })).data).results

export interface Decision {
  action: string
  reason?: string
  /** The end of a suspension. */
  until?: string
}
/** What a decision is about. */
export type Subject = 'post' | 'user' | 'application'
export const moderateApplication = async (id: number, decision: Decision) => {
  await http.post(`${at}applications/${id}/`, decision)
}
export const moderatePost = async (id: number, decision: Decision) => {
  await http.post(`${at}posts/${id}/`, decision)
}
export const moderateUser = async (username: string, decision: Decision) => {
  await http.post(at + userAt(username), decision)
}
