/** The posts that no response may change or remove now: a mark is on its way to the server, or the user
 *  is editing them. */
const held = new Map<number, number>()

export const isHeld = (id: number): boolean => held.has(id)

/** Hold a post until the function that is returned is called. */
export function holdPost(id: number): () => void {
  held.set(id, (held.get(id) ?? 0) + 1)
  return () => {
    const left = (held.get(id) ?? 1) - 1
    if (left) held.set(id, left)
    else held.delete(id)
  }
}
