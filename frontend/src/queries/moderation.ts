import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { cursorOf } from '../api/cursor'
import * as moderation from '../api/moderation'
import type { QueueItem } from '../api/types'
import { INTERVAL } from './interval'
import { keys } from './keys'
import { useMe } from './me'

const QUEUE = ['moderation', 'queue']
const WAITING = ['moderation', 'waiting']
const DELETIONS = ['moderation', 'deletions']
/** While posts are being deleted, look again after so many milliseconds. */
const PROGRESS_INTERVAL = 2_000

/** How much waits for the moderator, as a text; "" for nothing. */
export function useWaiting() {
  const { me } = useMe()
  const moderates = computed(() => Boolean(me.value && me.value.role !== 'member'))
  const { data } = useQuery({
    queryKey: WAITING,
    queryFn: ({ signal }) => moderation.countWaiting(signal),
    enabled: moderates,
    refetchInterval: INTERVAL,
  })
  const waiting = computed(() => (moderates.value && data.value) || 0)
  const text = computed(() => (waiting.value < 100 ? String(waiting.value || '') : '99+'))
  return { moderates, text }
}

/** The queue, page by page, and what can be done about its items. */
export function useQueue() {
  const client = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: QUEUE,
    queryFn: ({ pageParam, signal }) => moderation.listQueue(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => cursorOf(page.next),
    refetchInterval: INTERVAL,
  })
  const items = computed(() => query.data.value?.pages.flatMap((page) => page.results) ?? [])

  /** Do something about the post, the user or the application of an item, and look at the queue again.
   *  @throws ApiError */
  async function decide(item: QueueItem, of: moderation.Subject, decision: moderation.Decision) {
    if (of === 'post' && item.post) await moderation.moderatePost(item.post.id, decision)
    if (of === 'user' && item.user) await moderation.moderateUser(item.user.username, decision)
    if (of === 'application' && item.application)
      await moderation.moderateApplication(item.application.id, decision)
    await client.invalidateQueries({ queryKey: ['moderation'] })
    void client.invalidateQueries({ queryKey: keys.unread() })
    await client.invalidateQueries({ queryKey: keys.all, refetchType: 'none' })
  }
  return { ...query, items, decide }
}

/** The large deletions that are not finished. */
export function useDeletions() {
  const client = useQueryClient()
  const { data } = useQuery({
    queryKey: DELETIONS,
    queryFn: ({ signal }) => moderation.listDeletions(signal),
    refetchInterval: ({ state }) => {
      const busy = state.data?.some(({ finishedOn }) => !finishedOn)
      if (busy) void client.invalidateQueries({ queryKey: QUEUE })
      return busy ? PROGRESS_INTERVAL : false
    },
  })
  return computed(() => data.value?.filter(({ finishedOn }) => !finishedOn) ?? [])
}
