import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Page } from '../api/blogApi'
import type { Filter } from '../api/types'
import type { Timeline } from './cache'
import { INTERVAL } from './interval'
import { keys } from './keys'
import { fetchNewest, removeMissing, takePosts } from './refetchedPosts'
import { pendingDeletions } from './pendingDeletions'

/** Look again at the posts on the page: what was edited or deleted elsewhere changes or goes. Return
 *  how many posts are newer, and a function that shows them. */
export function useNewPosts(filter: () => Filter) {
  const client = useQueryClient()
  const timeline = () => client.getQueryState<Timeline>(keys.timeline(filter()))
  const loaded = (): Page | undefined => {
    const pages = timeline()?.data?.pages
    return pages && { posts: pages.flatMap((page) => page.posts), next: pages.at(-1)?.next ?? null }
  }
  const asTimeline = (page: Page): Timeline => ({ pages: [page], pageParams: [null] })
  const idOfLast = (page?: Page) => (page?.next ? (page.posts.at(-1)?.id ?? 0) : 0)

  const query = useQuery({
    queryKey: computed(() => keys.newPosts(filter())),
    queryFn: async ({ signal, queryKey }) => {
      const { posts: before = [] } = loaded() ?? {}
      const known = Math.max(before.length, newest.value?.posts.length ?? 0)
      const page = await fetchNewest(filter(), known, before.at(-1)?.id ?? 0, signal)
      signal.throwIfAborted()
      removeMissing(client, before, page, filter(), queryKey)
      return asTimeline({ ...page, posts: takePosts(client, page.posts, queryKey) })
    },
    initialData: () => {
      const page = loaded()
      return page && asTimeline(page)
    },
    initialDataUpdatedAt: () => timeline()?.dataUpdatedAt,
    // A list that is shown again is looked at again.
    staleTime: 5_000,
    refetchInterval: INTERVAL,
    retry: false,
  })
  const newest = computed(() => query.data.value?.pages[0])

  const count = computed(() => {
    const shown = loaded()
    if (!newest.value || !shown) return 0
    const known = new Set(shown.posts.map((post) => post.id))
    const last = idOfLast(shown)
    return newest.value.posts.filter(
      ({ id }) => !known.has(id) && id > last && !pendingDeletions.has(id),
    ).length
  })
  const many = computed(
    () => count.value === newest.value?.posts.length && idOfLast(newest.value) > 0,
  )

  const show = () => client.setQueryData<Timeline>(keys.timeline(filter()), query.data.value)
  return { count, many, show }
}
