import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/vue-query'
import { computed, shallowRef } from 'vue'
import type { NotificationPage } from '../api/blogApi'
import { blogApi } from './currentApi'
import { pendingDeletions } from './pendingDeletions'
import { keys } from './keys'

/** The notifications of the user, page by page. It never adds any by itself, as the timeline. */
export function useNotifications() {
  const client = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: computed(() => keys.notifications()),
    queryFn: async ({ pageParam: cursor, signal }) =>
      (await blogApi()).listNotifications({ cursor, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: Infinity,
  })
  const notifications = computed(() =>
    (query.data.value?.pages ?? [])
      .flatMap((page) => page.notifications)
      .filter(({ post }) => !post || !pendingDeletions.has(post.id)),
  )

  const newest = () => query.data.value?.pages[0]?.notifications[0]
  const readUpTo = shallowRef('')
  /** Whether all on the page is marked as read. */
  const isRead = computed(() => {
    const first = newest()
    return Boolean(query.data.value) && (!first?.unread || first.createdOn === readUpTo.value)
  })

  /** Mark as read what is on the page. What is shown as new stays so until the list is shown again. */
  async function markRead(): Promise<void> {
    const upTo = newest()?.createdOn
    if (isRead.value || !upTo) return
    const count = await (await blogApi()).markRead(upTo)
    readUpTo.value = upTo
    await client.cancelQueries({ queryKey: keys.unread() })
    client.setQueryData(keys.unread(), count)
  }

  /** Begin again with the newest ones.
   *  @throws ApiError */
  async function showNewest(): Promise<void> {
    const page = await (await blogApi()).listNotifications()
    client.setQueryData<InfiniteData<NotificationPage, string | null>>(keys.notifications(), {
      pages: [page],
      pageParams: [null],
    })
  }
  return { ...query, notifications, isRead, markRead, showNewest }
}
