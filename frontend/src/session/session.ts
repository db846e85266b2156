/**
 * The session of the user, in this tab and in the others.
 *
 * The access token lives in `accessToken` and nowhere else; the refresh token is a cookie that no
 * script can read. The server sets a second, readable cookie beside it, so that a visitor who has
 * never logged in costs no request.
 */
import axios, { isAxiosError } from 'axios'
import { computed, ref, shallowRef } from 'vue'
import { ApiError } from '../api/errors'
import { setTokenSource } from '../api/http'
import { throwApiError } from '../api/toApiError'
import { cookie } from '../lib/cookies'
import { clearUnlessReadBy } from '../lib/readCache'
import { pause } from '../lib/pause'
import { lifetime, userOf } from './tokenClaims'

/** Seconds before the expiry at which a token is renewed. */
const MARGIN = 20

const bare = axios.create({
  baseURL: '/api/auth/',
  headers: { 'X-Ublog': '1' },
  timeout: 15_000,
  xsrfCookieName: '',
})

export const accessToken = ref<string | null>(null)
/** True from the start of a page until it is known whether the visitor has a session. */
export const restoring = shallowRef(hasSessionCookie())
export const loggedIn = computed(() => accessToken.value !== null)
/** What users have keeps its place by this until it is known: nothing moves when it appears. */
export const mayBeLoggedIn = computed(() => loggedIn.value || restoring.value)
/** The id of the user: '' for an anonymous visitor, null while it is not known. It tells users of
 *  this browser apart and is no profile. */
export const userId = computed(() => {
  if (accessToken.value !== null) return userOf(accessToken.value)
  return restoring.value ? null : ''
})
/** Counts the sessions that have ended: after each, nothing that the user saw may stay in memory. */
export const sessionEnds = shallowRef(0)
/** Counts the sessions that ended elsewhere: by another tab, by a page, by the server. */
export const sessionEndsElsewhere = shallowRef(0)
/** Counts the changes of user: what was loaded before each is not what this user may see. */
export const userChanges = shallowRef(0)

/** The user for whom the page shows something already, while there is no token. */
let shownTo = ''
let expiresAt = 0
clearUnlessReadBy(userOfCookie())
let inFlight: Promise<string | null> | null = null

interface Message {
  kind: 'renewed' | 'login' | 'logout'
  token: string
  expiresAt: number
}
const otherTabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('ublog-session') : null

/** Return the id of the user who is logged in, '' for a visitor. The server says the name of the
 *  cookie: a site at another port of this host has its own. */
function userOfCookie(): string {
  return cookie(document.body.dataset.hint ?? '')
}
function hasSessionCookie(): boolean {
  return userOfCookie() !== ''
}

const isAboutToExpire = () => Date.now() > expiresAt - MARGIN * 1000

function setToken(token: string, end: number): void {
  const before = accessToken.value === null ? shownTo : userOf(accessToken.value)
  expiresAt = end
  accessToken.value = token
  restoring.value = false
  // Another user may have logged in on the Django pages: then the cookie is theirs.
  if (before && before !== userOf(token)) countSessionEnd()
  clearUnlessReadBy(userOf(token))
}

function countSessionEnd(): void {
  sessionEnds.value++
  userChanges.value++
}

function clearToken({ elsewhere = false } = {}): void {
  restoring.value = false
  clearUnlessReadBy('')
  if (accessToken.value === null && !shownTo) return
  accessToken.value = null
  shownTo = ''
  countSessionEnd()
  if (elsewhere) sessionEndsElsewhere.value++
}

function broadcast(kind: Message['kind']): void {
  otherTabs?.postMessage({ kind, token: accessToken.value ?? '', expiresAt } satisfies Message)
}

otherTabs?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
  if (data.kind === 'logout') return clearToken({ elsewhere: true })
  setToken(data.token, data.expiresAt)
  if (data.kind === 'login') userChanges.value++
})

/** Run in one tab at a time: the next tab finds the token that the one before it received. */
function withTabLock<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request('ublog-refresh', work) as Promise<T>) : work()
}

/** Return a new token, or null when the server has ended the session.
 *  @throws ApiError */
async function requestToken(tries = 2): Promise<string | null> {
  try {
    const { data } = await bare.post<{ access: string }>('token/refresh/')
    return data.access
  } catch (reason) {
    const status = isAxiosError(reason) ? reason.response?.status : undefined
    if (status === 401 || status === 403) return null
    // 409: another tab used the cookie at the same moment, and will receive its successor.
    if (status === 409 && tries > 1) {
      await pause(300)
      return requestToken(tries - 1)
    }
    return throwApiError(reason)
  }
}

/** Renew the token, unless another tab has replaced `rejected` by now. */
async function replaceToken(rejected: string | null): Promise<string | null> {
  if (accessToken.value !== rejected && !isAboutToExpire()) return accessToken.value
  const before = userChanges.value
  const token = await requestToken()
  // A login or logout during the request is newer than its response.
  if (userChanges.value !== before) return accessToken.value
  if (token === null) {
    clearToken({ elsewhere: true })
    broadcast('logout')
    return null
  }
  setToken(token, Date.now() + lifetime(token) * 1000)
  broadcast('renewed')
  return token
}

/** Return a new token, or null when the session is over.
 *  @throws ApiError when the server cannot be reached; the user stays logged in. */
export function renew(): Promise<string | null> {
  const rejected = accessToken.value
  inFlight ??= withTabLock(() => replaceToken(rejected)).finally(() => {
    inFlight = null
  })
  return inFlight
}

/** Return the token to send now, renewed if it is about to expire; null for an anonymous visitor. */
export async function freshToken(): Promise<string | null> {
  if (accessToken.value === null && !restoring.value) return null
  return accessToken.value === null || isAboutToExpire() ? renew() : accessToken.value
}

/** Use the token of a login or of a password change. */
export function adoptToken(token: string): void {
  setToken(token, Date.now() + lifetime(token) * 1000)
  userChanges.value++
  broadcast('login')
}

/** @throws ApiError */
export async function logIn(email: string, password: string): Promise<void> {
  const { data } = await bare
    .post<{ access: string }>('token/', { email, password })
    .catch(throwApiError)
  adoptToken(data.access)
}

/** Log out here and in every tab.
 *  @throws ApiError when the server cannot be reached: the session would go on unseen. */
export async function logOut(): Promise<void> {
  await bare.post('token/logout/').catch((reason: unknown) => {
    if (!isAxiosError(reason) || reason.response?.status !== 401) throwApiError(reason)
  })
  endLocalSession()
}

/** End the session in every tab, after the server has ended it: the account was deleted, or all
 *  sessions were ended. */
export function endLocalSession(): void {
  clearToken()
  broadcast('logout')
}

/** Compare with the cookie, which the Django pages share, when the tab comes back into view. */
export async function syncWithCookie(): Promise<void> {
  if (document.visibilityState !== 'visible') return
  if (!hasSessionCookie()) return clearToken({ elsewhere: true })
  if (accessToken.value !== null) return
  restoring.value = true
  await renew().catch((reason: unknown) => {
    if (!(reason instanceof ApiError)) throw reason
  })
}

setTokenSource({
  current: () => accessToken.value,
  fresh: freshToken,
  renew,
  expected: () => userId.value ?? userOfCookie(),
  shown: (user) => (shownTo = user),
})
