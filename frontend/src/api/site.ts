/** The settings of the site and its invitations, through REST. */
import { camelCase, snakeName } from './camelCase'
import { http } from './http'
import type {
  Invitation,
  RestInvitation,
  RestInvitations,
  RestSiteSettings,
  SiteSettings,
} from './types'

/** The names of the fields are left as they are in `overruled`. */
const settingsOf = ({ overruled, ...data }: RestSiteSettings) =>
  ({ ...camelCase(data), overruled }) as SiteSettings

export const getSiteSettings = async (signal?: AbortSignal) =>
  settingsOf((await http.get<RestSiteSettings>('/api/site/', { signal })).data)

export const updateSiteSettings = async (changes: Partial<SiteSettings>) => {
  const entries = Object.entries(changes).map(([name, value]) => [snakeName(name), value] as const)
  const data = Object.fromEntries(entries)
  return settingsOf((await http.patch<RestSiteSettings>('/api/site/', data)).data)
}

export const listInvitations = async (signal?: AbortSignal): Promise<Invitation[]> =>
  camelCase((await http.get<RestInvitations>('/api/invitations/', { signal })).data).results

export const createInvitation = async (
  email: string,
  uses: number,
  days: number,
): Promise<Invitation> =>
  camelCase((await http.post<RestInvitation>('/api/invitations/', { email, uses, days })).data)

export const endInvitation = async (id: number) => {
  await http.delete(`/api/invitations/${id}/`)
}
