import type { UseInfiniteQueryReturnType } from '@tanstack/vue-query'
import { computed } from 'vue'
import { ApiError, asApiError } from '../../api/errors'
import { useIncrementalRender } from '../../composables/useIncrementalRender'

/** What a list with a ListEnd below needs of its query, for the number of its items. */
export function useEndlessList<Data extends { pages: unknown[] }>(
  query: UseInfiniteQueryReturnType<Data, Error>,
  length: () => number,
) {
  const { data, isPaused, isPending, error, hasNextPage, isFetchingNextPage } = query
  const rendered = useIncrementalRender(length)
  const pages = computed(() => (rendered.value < length() ? 0 : (data.value?.pages.length ?? 0)))
  const failed = computed(() => {
    // Without a network the query waits instead of failing.
    if (isPaused.value && isPending.value) return new ApiError('offline')
    return error.value && asApiError(error.value)
  })
  const more = () => {
    if (hasNextPage.value && !isFetchingNextPage.value) void query.fetchNextPage()
  }
  const retry = () => (length() ? more() : void query.refetch())
  return { rendered, pages, failed, more, retry }
}
