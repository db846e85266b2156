import type { Post } from '../api/types'

/** The name after an `@` that is being typed right before the caret, or null. */
export function mentionAt(text: string, caret: number): { start: number; name: string } | null {
  const found = /(?:^|[^\p{L}\p{N}_@\uff20])([@\uff20])([A-Za-z0-9_]{1,30})$/u.exec(
    text.slice(0, caret),
  )
  const name = found?.[2]
  return name ? { start: caret - name.length - 1, name } : null
}

/** The names of the author of a post and of those whom it mentions, each once. */
export function peopleOf({ createdBy, segments }: Post): string[] {
  const names = [createdBy, ...segments].flatMap((one) => one?.username ?? [])
  return [...new Set(names)]
}
