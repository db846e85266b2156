import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Page } from '../api/blogApi'
import type { Filter } from '../api/types'
import type { Timeline } from './cache'
import { blogApi } from './currentApi'
import { pendingDeletions } from './deletePost'
import { keys } from './keys'

/** Milliseconds between two requests for new posts. */
const INTERVAL = 30_000

const fetchPage = async (
  filter: Filter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page> => (await blogApi()).listPosts({ ...filter, cursor, signal })

/** The timeline, page by page. It never refreshes by itself: that would move the text under the
 *  reader's eyes. */
export function useTimeline(filter: () => Filter) {
  const query = useInfiniteQuery({
    queryKey: computed(() => keys.timeline(filter())),
    queryFn: ({ pageParam, signal }) => fetchPage(filter(), pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: Infinity,
  })
  const posts = computed(() =>
    (query.data.value?.pages ?? [])
      .flatMap((page) => page.posts)
      .filter((post) => !pendingDeletions.has(post.id)),
  )
  return { ...query, posts }
}

/** How many posts are newer than the ones on the page, and a function that shows them. */
export function useNewPosts(filter: () => Filter) {
  const client = useQueryClient()
  const timeline = () => client.getQueryState<Timeline>(keys.timeline(filter()))
  const firstPage = () => timeline()?.data?.pages[0]
  const onlyPage = (page: Page): Timeline => ({ pages: [page], pageParams: [null] })

  const query = useQuery({
    queryKey: computed(() => keys.newPosts(filter())),
    queryFn: async ({ signal }) => onlyPage(await fetchPage(filter(), null, signal)),
    initialData: () => {
      const page = firstPage()
      return page && onlyPage(page)
    },
    initialDataUpdatedAt: () => timeline()?.dataUpdatedAt,
    refetchInterval: INTERVAL,
    retry: false,
  })
  const newest = computed(() => query.data.value?.pages[0]?.posts)

  const count = computed(() => {
    const loaded = firstPage()?.posts
    if (!newest.value || !loaded) return 0
    const known = new Set(loaded.map((post) => post.id))
    const oldest = loaded.at(-1)?.createdOn ?? ''
    return newest.value.filter(
      (post) => !known.has(post.id) && post.createdOn > oldest && !pendingDeletions.has(post.id),
    ).length
  })
  const many = computed(() => count.value > 0 && count.value === newest.value?.length)

  const show = () => client.setQueryData<Timeline>(keys.timeline(filter()), query.data.value)
  return { count, many, show }
}
