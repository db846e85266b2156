/** Likes at once and asks later. Quick clicks queue up and only the last answer is shown, so that
 *  the count does not flicker 4, 3, 4, 3; a failure goes back to what the server last said. */
export interface Likes {
  liked: boolean
  likeCount: number
}

interface Ways {
  show: (likes: Likes) => void
  send: (liked: boolean) => Promise<Likes>
  fail: (reason: unknown) => void
}

export function likeQueue({ show, send, fail }: Ways) {
  let waiting = 0
  let queue = Promise.resolve()
  let confirmed: Likes

  async function settle(liked: boolean): Promise<void> {
    try {
      const { liked: now, likeCount } = await send(liked)
      confirmed = { liked: now, likeCount }
    } catch (reason) {
      fail(reason)
    }
    if (--waiting === 0) show(confirmed)
  }

  return function toggle({ liked, likeCount }: Likes): Promise<void> {
    if (waiting++ === 0) confirmed = { liked, likeCount }
    show({ liked: !liked, likeCount: likeCount + (liked ? -1 : 1) })
    return (queue = queue.then(() => settle(!liked)))
  }
}
