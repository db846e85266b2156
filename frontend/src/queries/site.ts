import { useQuery, useQueryClient } from '@tanstack/vue-query'
import * as site from '../api/site'
import type { SiteSettings } from '../api/types'
import { keys } from './keys'

/** The settings of the site, and a function that changes some of them.
 *  @throws ApiError */
export function useSiteSettings() {
  const client = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: keys.siteSettings,
    queryFn: ({ signal }) => site.getSiteSettings(signal),
    staleTime: 0,
  })
  async function update(changes: Partial<SiteSettings>): Promise<void> {
    client.setQueryData(keys.siteSettings, await site.updateSiteSettings(changes))
  }
  return { settings: data, error, refetch, update }
}

/** The invitations that can be used, and functions that make one and end one.
 *  @throws ApiError */
export function useInvitations() {
  const client = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: keys.invitations,
    queryFn: ({ signal }) => site.listInvitations(signal),
    staleTime: 0,
  })
  const again = () => client.invalidateQueries({ queryKey: keys.invitations })
  return {
    invitations: data,
    error,
    refetch,
    create: (email: string, uses: number, days: number) =>
      site.createInvitation(email, uses, days).then(again),
    end: (id: number) => site.endInvitation(id).then(again),
  }
}
