import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { blogApi } from '../api/current'
import type { Page } from '../api/port'
import type { Feed } from './cache'
import { keys, type Filter } from './keys'
import { leaving } from './leaving'

/** Milliseconds between two looks for new posts. */
const INTERVAL = 30_000

const read = async (filter: Filter, cursor: string | null, signal: AbortSignal): Promise<Page> =>
  (await blogApi()).listPosts({ ...filter, cursor, signal })

/** The timeline, page by page. It never refreshes by itself: that would move what is being read. */
export function useFeed(filter: () => Filter) {
  const query = useInfiniteQuery({
    queryKey: computed(() => keys.feed(filter())),
    queryFn: ({ pageParam, signal }) => read(filter(), pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: Infinity,
  })
  const posts = computed(() =>
    (query.data.value?.pages ?? [])
      .flatMap((page) => page.posts)
      .filter((post) => !leaving.has(post.id)),
  )
  return { ...query, posts }
}

/** How many posts are newer than the ones on the page, and a way to show them. */
export function useFreshPosts(filter: () => Filter) {
  const client = useQueryClient()
  const feed = () => client.getQueryState<Feed>(keys.feed(filter()))
  const firstPage = () => feed()?.data?.pages[0]
  const alone = (page: Page): Feed => ({ pages: [page], pageParams: [null] })

  const query = useQuery({
    queryKey: computed(() => keys.fresh(filter())),
    queryFn: async ({ signal }) => alone(await read(filter(), null, signal)),
    initialData: () => {
      const page = firstPage()
      return page && alone(page)
    },
    initialDataUpdatedAt: () => feed()?.dataUpdatedAt,
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
      (post) => !known.has(post.id) && post.createdOn > oldest && !leaving.has(post.id),
    ).length
  })
  const many = computed(() => count.value > 0 && count.value === newest.value?.length)

  const show = () => client.setQueryData<Feed>(keys.feed(filter()), query.data.value)
  return { count, many, show }
}
