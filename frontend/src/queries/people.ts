import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { listLikes, listMembers, type PeopleOptions, type PeoplePage } from '../api/people'

function usePages(key: () => unknown[], load: (options: PeopleOptions) => Promise<PeoplePage>) {
  const query = useInfiniteQuery({
    queryKey: computed(() => ['people', ...key()]),
    queryFn: ({ pageParam: cursor, signal }) => load({ cursor, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  const people = computed(() => query.data.value?.pages.flatMap((page) => page.people) ?? [])
  return { ...query, people }
}

export const useMembers = (q: () => string) =>
  usePages(
    () => ['members', q()],
    (options) => listMembers({ ...options, q: q() }),
  )
export const useLikes = (id: () => string) =>
  usePages(
    () => ['likes', id()],
    (options) => listLikes(id(), options),
  )
export type PeopleQuery = ReturnType<typeof usePages>
