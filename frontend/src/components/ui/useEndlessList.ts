import type { UseInfiniteQueryReturnType } from '@tanstack/vue-query'
import { computed } from 'vue'
import { asApiError } from '../../api/errors'
import { useIncrementalRender } from '../../composables/useIncrementalRender'

/**
 * What a list needs of its query, for the number of its items: how many are rendered, why the query
 * failed, and the props of the ListEnd below.
 */
export function useEndlessList<Data extends { pages: unknown[] }>(
  query: UseInfiniteQueryReturnType<Data, Error>,
  length: () => number,
) {
  const { data, error, hasNextPage, isFetchingNextPage } = query
  const rendered = useIncrementalRender(length)
  const pages = computed(() => (rendered.value < length() ? 0 : (data.value?.pages.length ?? 0)))
  const failed = computed(() => error.value && asApiError(error.value))
  const more = () => {
    if (hasNextPage.value && !isFetchingNextPage.value) void query.fetchNextPage()
  }
  const retry = () => (length() ? more() : void query.refetch())
  const listEnd = computed(() => ({
    pages: pages.value,
    failed: failed.value,
    loading: isFetchingNextPage.value,
    hasNext: hasNextPage.value,
    onMore: more,
    onRetry: retry,
  }))
  return { rendered, failed, listEnd }
}
