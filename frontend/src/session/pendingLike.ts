import { blogApi } from '../api/current'

// In memory only: a link from elsewhere must not be able to make anybody like anything.
let wanted: number | null = null

export const wantLike = (id: number): void => void (wanted = id)
export const wantsLike = (): boolean => wanted !== null

/** After signing in: the like that the stranger had meant to give. */
export async function giveWantedLike(): Promise<void> {
  const id = wanted
  wanted = null
  if (id !== null) await (await blogApi()).setLiked(id, true).catch(() => undefined)
}
