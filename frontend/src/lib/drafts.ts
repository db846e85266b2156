/**
 * The drafts in this browser. Each belongs to a user ('' for an anonymous visitor) and to a named
 * composer, and one composer alone writes it: the draft of a closed tab is copied, never shared, so
 * that two tabs do not overwrite each other.
 */
import { uniqueKey } from './uniqueKey'

const PREFIX = 'ublog:draft:'
/** Milliseconds in which a tab says that it holds a draft, where there are no Web Locks. */
const REPLY_TIMEOUT = 150

interface Stored {
  text: string
  /** When it was written, in milliseconds since the epoch. */
  at: number
}

const of = (owner: string, name: string) => `${PREFIX}${owner}:${name}:`
/** Return a key that no other composer has. */
export const newDraft = (owner: string, name: string): string => of(owner, name) + uniqueKey()

// Storage can be full or disabled: then the text lasts as long as the page.
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

/** The key, in the storage of this tab alone, of its draft: a reload and a login restore it. */
const mine = (name: string) => `${PREFIX}${name}`

export const readDraft = (key: string): string => stored(key)?.text ?? ''

export function writeDraft(name: string, key: string, text: string): void {
  if (!text) return removeDraft(key)
  hold(key)
  attempt(() => {
    localStorage.setItem(key, JSON.stringify({ text, at: Date.now() } satisfies Stored))
    sessionStorage.setItem(mine(name), key)
  }, undefined)
}

export function removeDraft(key: string): void {
  releaseDraft(key)
  attempt(() => localStorage.removeItem(key), undefined)
}

/** Return the key of the draft to restore: that of this tab, also from before the login; else the
 *  newest that no open tab holds. */
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

// -- Which tab holds which draft ---------------------------------------------------------------

/** The keys that this tab holds, each with a function that releases it. */
const held = new Map<string, () => void>()
// Web Locks end with the tab, also in a crash; without HTTPS there are none, and tabs send messages.
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
    const end = (held: boolean) => {
      clearTimeout(timer)
      tabs?.removeEventListener('message', hear)
      done(held)
    }
    const timer = setTimeout(() => end(false), REPLY_TIMEOUT)
    tabs?.addEventListener('message', hear)
    tabs?.postMessage({ ask: key })
  })
}
