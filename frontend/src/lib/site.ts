/** What the server says about the site in the page: its name, and what visitors may do. */
export const siteName = document.body.dataset.site || 'μblog'

const said = document.getElementById('app')?.dataset
export const welcome = said?.welcome ?? ''
export const hasRules = said?.rules !== undefined
export const whoMayJoin = said?.join ?? 'open'
export const membersOnly = said?.membersOnly !== undefined
export const hasWorker = said?.worker !== undefined
export const anonymousPosts = said?.anonymous !== 'off'
export const membersInvite = said?.invite === 'members'
/** The id of the post above the timeline; NaN without one. */
export const pinned = Number(said?.pinned)
