import type { Mark } from '../lib/marks'
import { blogApi } from './currentApi'

// In memory only: a link on another site must not be able to set a mark.
let pending: { id: number; mark: Mark } | null = null

/** Remember the mark that an anonymous visitor wants to set, until they have logged in. */
export const rememberMark = (id: number, mark: Mark): void => void (pending = { id, mark })
export const getPendingMark = () => pending

/** Set the mark that was remembered, after the login. */
export async function setPendingMark(): Promise<void> {
  const wanted = pending
  pending = null
  if (wanted) await (await blogApi()).setMark(wanted.id, wanted.mark, true).catch(() => undefined)
}
