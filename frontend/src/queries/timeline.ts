import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Filter } from '../api/types'
import { blogApi } from './currentApi'
import { pendingDeletions } from './pendingDeletions'
import { keys } from './keys'

/** The timeline, page by page. It never adds posts by itself: that would move the text under the
 *  reader's eyes. */
export function useTimeline(filter: () => Filter) {
  const query = useInfiniteQuery({
    queryKey: computed(() => keys.timeline(filter())),
    queryFn: async ({ pageParam: cursor, signal }) =>
      (await blogApi()).listPosts({ ...filter(), cursor, signal }),
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
