import type { Post } from '../api/types'

type States = Pick<Post, 'body' | 'deleted' | 'held' | 'hidden'>

/** Return whether it is published: only then can it be liked, edited and replied to. */
export const isPublished = ({ deleted, held, hidden }: States) => !(deleted || held || hidden)

/** Return whether nothing is left of it for this viewer but its place in a conversation. */
export const isPlaceholder = ({ body, deleted, held, hidden }: States) =>
  deleted || ((held || hidden) && !body)

/** Return the text that says why a post is not published, or null for one that is. */
export function stateText({ deleted, held, hidden }: States) {
  if (deleted) return 'post.gone'
  if (held) return 'post.held'
  return hidden ? 'post.hidden' : null
}
