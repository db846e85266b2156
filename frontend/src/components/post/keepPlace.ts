import type { Ref } from 'vue'
import { useListener } from '../../composables/useListener'
import { isNewVisit } from '../../lib/isNewVisit'
import { pause } from '../../lib/pause'

/** Where the reader was: the post at the top of the screen, and how far from the top. */
interface Place {
  url: string
  id: number
  top: number
}
interface Card {
  id(): number
  $el: Element
}
interface List {
  posts: Readonly<Ref<readonly { id: number }[]>>
  isPending: Readonly<Ref<boolean>>
  hasNextPage: Readonly<Ref<boolean>>
  fetchNextPage(): Promise<unknown>
}

const KEY = 'ublog:place'
/** The most posts that are loaded to come back. */
const MOST = 500
const here = () => location.pathname + location.search
const topOf = ({ $el }: Card) => $el.getBoundingClientRect().top

/** Take the place of the page before a reload, or before a page that led back here. */
function takePlace(): Place | null {
  try {
    const saved = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Place | null
    sessionStorage.removeItem(KEY)
    return !isNewVisit() && saved?.url === here() ? saved : null
  } catch {
    return null // storage is disabled
  }
}
// Once for each load of the page.
let place = takePlace()

/** Remember which post is at the top when the page is left; after a reload load the posts down to that
 *  one, and show it there, unless the reader has scrolled by then. */
export function keepPlace(list: List, cards: Readonly<Ref<readonly (Card | null)[] | null>>): void {
  const inOrder = () =>
    (cards.value ?? [])
      .flatMap((card) => card ?? [])
      .sort((one, other) => topOf(one) - topOf(other))

  // What is stored in the last moment is not always seen by the next page, in another process.
  useListener(window, ['scrollend', 'pagehide'], () => {
    const first = inOrder().find(({ $el }) => $el.getBoundingClientRect().bottom > 0)
    if (!first) return
    const saved: Place = { url: here(), id: first.id(), top: topOf(first) }
    try {
      if (scrollY === 0) return sessionStorage.removeItem(KEY)
      sessionStorage.setItem(KEY, JSON.stringify(saved))
    } catch {
      // Storage is full or disabled.
    }
  })

  let moved = false
  useListener(window, ['wheel', 'touchmove', 'keydown', 'pointerdown'], () => (moved = true))

  async function goBack({ id, top }: Place): Promise<void> {
    let tries = 0
    while (!moved && tries < 5) {
      // The post may be deleted by now: then the next older one.
      const card = inOrder().find((one) => one.id() <= id)
      if (card && Math.abs(topOf(card) - top) < 2) return
      const { length } = list.posts.value
      const isThere = list.posts.value.some((post) => post.id <= id)
      if (card) {
        // More than once: the browser goes back to where the page was before, when it is long enough.
        tries++
        scrollBy({ top: topOf(card) - top, behavior: 'instant' })
        await pause(100)
      } else if (isThere || list.isPending.value) await pause(20)
      else if (list.hasNextPage.value && length < MOST) await list.fetchNextPage()
      else return
    }
  }
  if (place) void goBack(place)
  place = null
}
