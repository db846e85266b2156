/**
 * Drafts in this browser. Each belongs to a user ('' is nobody) and to the place it was written at,
 * and is written by one composer alone: what another tab has left behind is copied, never shared,
 * so that no two tabs overwrite each other.
 */
import { uniqueKey } from './uniqueKey'

const PREFIX = 'ublog:draft:'
/** There while there is any draft: most visits need not load this file. */
const ANY = 'ublog:drafts'
/** Milliseconds that a tab has to say that a draft is its own, where there are no Web Locks. */
const REPLY_TIMEOUT = 150

interface Stored {
  text: string
  /** When it was written, in milliseconds of the epoch. */
  at: number
}

const of = (owner: string, name: string) => `${PREFIX}${owner}:${name}:`
/** A key that no other composer has. */
export const newDraft = (owner: string, name: string): string => of(owner, name) + uniqueKey()

// Storage can be full, or switched off: the page itself still has the text then.
function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch {
    return otherwise
  }
}

function stored(key: string): Stored | null {
  return attempt(() => JSON.parse(localStorage.getItem(key) ?? 'null') as Stored | null, null)
}

/** Of this tab alone, so that a reload and a log-in bring back what was typed in it. */
const mine = (name: string) => `${PREFIX}${name}`

export const readDraft = (key: string): string => stored(key)?.text ?? ''

export function writeDraft(name: string, key: string, text: string): void {
  if (!text) return removeDraft(key)
  hold(key)
  attempt(() => {
    localStorage.setItem(key, JSON.stringify({ text, at: Date.now() } satisfies Stored))
    localStorage.setItem(ANY, '1')
    sessionStorage.setItem(mine(name), key)
  }, undefined)
}

export function removeDraft(key: string): void {
  releaseDraft(key)
  attempt(() => {
    localStorage.removeItem(key)
    if (!Object.keys(localStorage).some((other) => other.startsWith(PREFIX)))
      localStorage.removeItem(ANY)
  }, undefined)
}

/** The draft to go on with: this tab's own, also what was typed before logging in; else the newest
 *  that no living tab holds. */
export async function findDraft(owner: string, name: string): Promise<string | null> {
  const keys = attempt(() => Object.keys(localStorage), [])
  const left = keys.filter((key) => key.startsWith(of(owner, name)) && !held.has(key))
  left.sort((one, other) => (stored(other)?.at ?? 0) - (stored(one)?.at ?? 0))
  const own = attempt(() => sessionStorage.getItem(mine(name)), null)
  const typedHere = own && [of(owner, name), of('', name)].some((start) => own.startsWith(start))
  if (typedHere && stored(own) && !held.has(own)) left.unshift(own)
  for (const key of left) if (!(await isHeldElsewhere(key))) return key
  return null
}

// -- Who holds which ---------------------------------------------------------------------------

/** What this tab holds, and how to let go of it. */
const held = new Map<string, () => void>()
// Web Locks end with the tab, however it ends; on plain http there are none, and tabs ask.
const tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('ublog-drafts') : null

tabs?.addEventListener('message', ({ data }: MessageEvent<{ ask?: string }>) => {
  if (data.ask && held.has(data.ask)) tabs.postMessage({ held: data.ask })
})

function hold(key: string): void {
  if (held.has(key)) return
  held.set(key, () => undefined)
  void navigator.locks?.request(key, () => {
    if (!held.has(key)) return undefined
    return new Promise<void>((release) => held.set(key, release))
  })
}

export function releaseDraft(key: string): void {
  held.get(key)?.()
  held.delete(key)
}

async function isHeldElsewhere(key: string): Promise<boolean> {
  if (navigator.locks) {
    const { held: locks = [] } = await navigator.locks.query()
    return locks.some(({ name }) => name === key)
  }
  return new Promise((done) => {
    const hear = ({ data }: MessageEvent<{ held?: string }>) => data.held === key && end(true)
    const end = (answer: boolean) => {
      clearTimeout(timer)
      tabs?.removeEventListener('message', hear)
      done(answer)
    }
    const timer = setTimeout(() => end(false), REPLY_TIMEOUT)
    tabs?.addEventListener('message', hear)
    tabs?.postMessage({ ask: key })
  })
}
