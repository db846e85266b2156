// A session of masto: `masto.mjs SITE PICTURE`, which prints what it sees as JSON.
import { openAsBlob } from 'node:fs'
import { createInterface } from 'node:readline/promises'

import { createOAuthAPIClient, createRestAPIClient } from 'masto'

const [url, picture] = process.argv.slice(2)
const oob = 'urn:ietf:wg:oauth:2.0:oob'
const scopes = 'read write follow push'
const visitor = createRestAPIClient({ url })
const app = await visitor.v1.apps.create({ clientName: 'masto', redirectUris: oob, scopes })
const keys = { clientId: app.clientId, clientSecret: app.clientSecret }
const query = new URLSearchParams({ response_type: 'code', client_id: app.clientId, scope: scopes })
console.log('ALLOW', `${url}/oauth/authorize?${query}&redirect_uri=${oob}`)
const lines = createInterface({ input: process.stdin })
const code = await lines.question('')
lines.close()
const oauth = createOAuthAPIClient({ url })
const grant = { grantType: 'authorization_code', redirectUri: oob, code, scope: scopes }
const { accessToken } = await oauth.token.create({ ...keys, ...grant })
const api = createRestAPIClient({ url, accessToken })
const me = await api.v1.accounts.verifyCredentials()
const seen = { user: me.username, version: (await api.v2.instance.fetch()).version, timeline: [] }

for await (const page of api.v1.timelines.public.list({ limit: 20 })) {
  seen.timeline.push(...page.map((status) => status.id))
}
const [first] = await api.v1.timelines.home.list()
seen.home = first.id

const file = await openAsBlob(picture)
const media = await api.v2.media.create({ file, description: 'A wall' })
await api.v1.media.$select(media.id).update({ description: 'A teal wall' })
const post = () =>
  api.v1.statuses.create(
    { status: 'Look #wall', mediaIds: [media.id] },
    { requestInit: { headers: new Headers({ 'Idempotency-Key': 'once' }) } },
  )
const [status, again] = [await post(), await post()]
seen.published = [status.id, again.id, status.mediaAttachments[0].description]
const reply = await api.v1.statuses.create({ status: 'And a reply', inReplyToId: status.id })
const { descendants } = await api.v1.statuses.$select(status.id).context.fetch()
seen.thread = descendants.map((one) => one.id)
const edit = { status: 'And another reply' }
seen.edited = (await api.v1.statuses.$select(reply.id).update(edit)).content
const liked = await api.v1.statuses.$select(first.id).favourite()
seen.favourited = [liked.favourited, first.favouritesCount]
seen.unfavourited = (await api.v1.statuses.$select(first.id).unfavourite()).favourited
await api.v1.statuses.$select(first.id).bookmark()
seen.bookmarks = (await api.v1.bookmarks.list()).map((one) => one.id)
seen.found = (await api.v2.search.list({ q: 'wall' })).statuses.map((one) => one.id)
seen.people = (await api.v1.accounts.search.list({ q: 'bob' })).map((one) => one.username)
const notifications = await api.v1.notifications.list()
seen.notifications = notifications.map((one) => [one.type, one.account.username])
const profile = { displayName: 'A new name', avatar: file }
const account = await api.v1.accounts.updateCredentials(profile)
seen.named = [account.displayName, account.avatar]
await api.v1.statuses.$select(reply.id).remove()
const statusOf = (error) => error.statusCode
seen.deleted = await api.v1.statuses.$select(reply.id).fetch().catch(statusOf)

await oauth.revoke({ ...keys, token: accessToken })
seen.ended = await api.v1.accounts.verifyCredentials().catch(statusOf)
console.log(JSON.stringify(seen))
