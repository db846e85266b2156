/**
 * Who is signed in, in this tab and in the others.
 *
 * The access token lives in `accessToken` and nowhere else; the refresh token is a cookie that no
 * script can read. The server sets a second, readable cookie beside it, so that a visitor who never
 * signed in costs no request.
 */
import axios, { isAxiosError } from 'axios'
import { computed, ref, shallowRef } from 'vue'
import { ApiError } from '../api/errors'
import { translate } from '../api/translate'
import { lifetime, userOf } from './lifetime'

/** Seconds before its end at which a token is renewed. */
const MARGIN = 20

const bare = axios.create({
  baseURL: '/api/auth/',
  headers: { 'X-Ublog': '1' },
  timeout: 15_000,
  xsrfCookieName: '',
})

export const accessToken = ref<string | null>(null)
/** True from the start of a page until we know whether the visitor's session is alive. */
export const restoring = shallowRef(hinted())
export const signedIn = computed(() => accessToken.value !== null)
/** The id of who is logged in: '' for nobody, null until we know. It tells users apart in this
 *  browser and is no profile. */
export const userId = computed(() => {
  if (accessToken.value !== null) return userOf(accessToken.value)
  return restoring.value ? null : ''
})
/** Counts up whenever a user has gone: nothing that they saw may stay in memory. */
export const departures = shallowRef(0)
/** Counts up whenever somebody else sits at the keyboard: what was loaded before is not theirs. */
export const person = shallowRef(0)

let expiresAt = 0
let inFlight: Promise<string | null> | null = null

interface Message {
  kind: 'renewed' | 'signed-in' | 'signed-out'
  token: string
  expiresAt: number
}
const others = 'BroadcastChannel' in globalThis ? new BroadcastChannel('ublog-session') : null

/** The server says what it is called: another site on this host, at another port, has its own. */
function hinted(): boolean {
  const name = document.body.dataset.hint ?? 'signed_in'
  return document.cookie.split(/;\s*/).some((part) => part.startsWith(`${name}=`))
}

const aboutToExpire = () => Date.now() > expiresAt - MARGIN * 1000

function keep(token: string, end: number): void {
  const before = accessToken.value
  expiresAt = end
  accessToken.value = token
  restoring.value = false
  // The cookie may be somebody else's by now, who has logged in on the Django pages.
  if (before && userOf(before) !== userOf(token)) depart()
}

function depart(): void {
  departures.value++
  person.value++
}

function forget(): void {
  restoring.value = false
  if (accessToken.value === null) return
  accessToken.value = null
  depart()
}

function tell(kind: Message['kind']): void {
  others?.postMessage({ kind, token: accessToken.value ?? '', expiresAt } satisfies Message)
}

others?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
  if (data.kind === 'signed-out') return forget()
  keep(data.token, data.expiresAt)
  if (data.kind === 'signed-in') person.value++
})

/** One tab at a time: the next one finds the token that the first one received. */
function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request('ublog-refresh', work) as Promise<T>) : work()
}

export const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

async function askForToken(tries = 2): Promise<string | null> {
  try {
    const { data } = await bare.post<{ access: string }>('token/refresh/')
    return data.access
  } catch (reason) {
    const status = isAxiosError(reason) ? reason.response?.status : undefined
    if (status === 401 || status === 403) return null
    // 409: another tab used the cookie at the same moment, and its successor is on the way.
    if (status === 409 && tries > 1) {
      await pause(300)
      return askForToken(tries - 1)
    }
    return translate(reason)
  }
}

async function renewInTurn(refused: string | null): Promise<string | null> {
  if (accessToken.value !== refused && !aboutToExpire()) return accessToken.value
  const before = person.value
  const token = await askForToken()
  // Whoever signed out (or in) while we waited was there after our question: theirs stands.
  if (person.value !== before) return accessToken.value
  if (token === null) {
    endHere()
    return null
  }
  keep(token, Date.now() + lifetime(token) * 1000)
  tell('renewed')
  return token
}

/** A new token, or null when the session is over.
 *  @throws ApiError when nobody answers; the person stays signed in. */
export function renew(): Promise<string | null> {
  const refused = accessToken.value
  inFlight ??= oneTabAtATime(() => renewInTurn(refused)).finally(() => {
    inFlight = null
  })
  return inFlight
}

/** The token to send now, renewed if need be; null for a stranger. */
export async function freshToken(): Promise<string | null> {
  if (accessToken.value === null && !restoring.value) return null
  return accessToken.value === null || aboutToExpire() ? renew() : accessToken.value
}

/** Takes up the token of a sign-in or a password change. */
export function adopt(token: string): void {
  keep(token, Date.now() + lifetime(token) * 1000)
  person.value++
  tell('signed-in')
}

/** @throws ApiError */
export async function signIn(email: string, password: string): Promise<void> {
  const { data } = await bare
    .post<{ access: string }>('token/', { email, password })
    .catch(translate)
  adopt(data.access)
}

/** Signs out here and in every tab.
 *  @throws ApiError when the server could not be told: the session would live on unseen. */
export async function signOut(): Promise<void> {
  await bare.post('token/logout/').catch((reason: unknown) => {
    if (!isAxiosError(reason) || reason.response?.status !== 401) translate(reason)
  })
  endHere()
}

/** The session is over on the server already (deleted, or ended everywhere). */
export function endHere(): void {
  forget()
  tell('signed-out')
}

/** The Django pages share the cookies: look again when the tab comes back into view. */
export async function lookAgain(): Promise<void> {
  if (document.visibilityState !== 'visible') return
  if (!hinted()) return forget()
  if (accessToken.value !== null) return
  restoring.value = true
  await renew().catch((reason: unknown) => {
    if (!(reason instanceof ApiError)) throw reason
  })
}
