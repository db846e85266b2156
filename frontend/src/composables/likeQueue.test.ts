import { describe, expect, it } from 'vitest'
import { likeQueue, type Likes } from './likeQueue'

/** A like button on a page, and a server that answers when told to. */
function button(before: Likes) {
  const shown: string[] = []
  const failures: unknown[] = []
  const answers: { resolve: (likes: Likes) => void; reject: (reason: unknown) => void }[] = []
  let now = before
  const toggle = likeQueue({
    show: (likes) => {
      now = likes
      shown.push(`${likes.liked ? '♥' : '♡'}${likes.likeCount}`)
    },
    send: () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
    fail: (reason) => failures.push(reason),
  })
  const tick = () => new Promise((done) => setTimeout(done))
  return { shown, failures, answers, tick, click: () => toggle(now) }
}

describe('a like', () => {
  it('shows at once, and then what the server says', async () => {
    const { shown, answers, tick, click } = button({ liked: false, likeCount: 3 })
    void click()
    expect(shown).toEqual(['♥4'])
    await tick()
    answers[0]?.resolve({ liked: true, likeCount: 6 })
    await tick()
    expect(shown).toEqual(['♥4', '♥6'])
  })

  it('does not flicker when clicked twice', async () => {
    const { shown, answers, tick, click } = button({ liked: false, likeCount: 3 })
    void click()
    void click()
    await tick()
    answers[0]?.resolve({ liked: true, likeCount: 4 })
    await tick()
    answers[1]?.resolve({ liked: false, likeCount: 3 })
    await tick()
    expect(shown).toEqual(['♥4', '♡3', '♡3'])
  })

  it('goes back to what the server last said when it fails', async () => {
    const { shown, failures, answers, tick, click } = button({ liked: false, likeCount: 3 })
    void click()
    await tick()
    answers[0]?.reject('offline')
    await tick()
    expect(shown).toEqual(['♥4', '♡3'])
    expect(failures).toEqual(['offline'])
  })
})
