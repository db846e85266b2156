import type { Post } from '../api/types'

/** What the name of a mark stands for, in the API as well: `PUT …/posts/3/like/`, `likePost`. */
interface MarkDefinition {
  icon: string
  /** The field that says whether the viewer has set it. */
  field: { [K in keyof Post]: Post[K] extends boolean ? K : never }[keyof Post]
  /** The field with the number of users who have set it, where that is public. */
  count?: { [K in keyof Post]: Post[K] extends number ? K : never }[keyof Post]
  /** The shortcut that sets and clears it. */
  key?: string
}

/** What a user can set on a post and clear again. The name of each is `post.<name>` in `i18n/`. */
const table = {
  like: { icon: 'heart', field: 'liked', count: 'likeCount', key: 'l' },
  bookmark: { icon: 'bookmark', field: 'bookmarked' },
} as const satisfies Record<string, MarkDefinition>

export type Mark = keyof typeof table
export const marks: Record<Mark, MarkDefinition> = table
export const markNames = Object.keys(marks) as Mark[]

/** A mark of one post as its viewer sees it. */
export interface MarkState {
  on: boolean
  /** How many users have set it; null where that is not public. */
  count: number | null
}

/** Return the state of the mark in a post, or in a part of one that has the fields of the mark. */
export function markState(post: Partial<Post>, mark: Mark): MarkState {
  const { field, count } = marks[mark]
  return { on: post[field] ?? false, count: count ? (post[count] ?? 0) : null }
}

/** Return the post with another state of the mark. */
export function withMark(post: Post, mark: Mark, { on, count }: MarkState): Post {
  const { field, count: counted } = marks[mark]
  return { ...post, [field]: on, ...(counted && { [counted]: count }) }
}
