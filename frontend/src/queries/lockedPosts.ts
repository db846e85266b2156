/** The posts that no response may change or remove now: a mark is on its way to the server, or the user
 *  is editing them. */
const locks = new Map<number, number>()

export const isLocked = (id: number): boolean => locks.has(id)

/** Lock a post until the function that is returned is called. */
export function lockPost(id: number): () => void {
  locks.set(id, (locks.get(id) ?? 0) + 1)
  return () => {
    const left = (locks.get(id) ?? 1) - 1
    if (left) locks.set(id, left)
    else locks.delete(id)
  }
}
