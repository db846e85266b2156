// A session of megalodon: `megalodon.mjs SITE PICTURE`, which prints what it sees as JSON.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline/promises'

import * as library from 'megalodon'

const [url, picture] = process.argv.slice(2)
// Of CommonJS, as 10.0 is, the default export holds all others.
const generator = library.default.default ?? library.default
const visitor = generator('mastodon', url)
const app = await visitor.registerApp('megalodon', { scopes: ['read', 'write', 'follow', 'push'] })
console.log('ALLOW', app.url)
const lines = createInterface({ input: process.stdin })
const code = await lines.question('')
lines.close()
const token = await visitor.fetchAccessToken(app.client_id, app.client_secret, code)
const api = generator('mastodon', url, token.access_token)
const data = async (call) => (await call).data
const me = await data(api.verifyAccountCredentials())
const seen = { user: me.username, version: (await data(api.getInstance())).version, timeline: [] }

let page = await data(api.getPublicTimeline({ limit: 20 }))
while (page.length) {
  seen.timeline.push(...page.map((status) => status.id))
  page = await data(api.getPublicTimeline({ limit: 20, max_id: page.at(-1).id }))
}
const [first] = await data(api.getHomeTimeline())
seen.home = first.id

const media = await data(api.uploadMedia(createReadStream(picture), { description: 'A wall' }))
await api.updateMedia(media.id, { description: 'A teal wall' })
const status = await data(api.postStatus('Look #wall', { media_ids: [media.id] }))
// It sends no Idempotency-Key.
seen.published = [status.id, status.id, status.media_attachments[0].description]
const reply = await data(api.postStatus('And a reply', { in_reply_to_id: status.id }))
const { descendants } = await data(api.getStatusContext(status.id))
seen.thread = descendants.map((one) => one.id)
seen.edited = (await data(api.editStatus(reply.id, { status: 'And another reply' }))).content
const liked = await data(api.favouriteStatus(first.id))
seen.favourited = [liked.favourited, first.favourites_count]
seen.unfavourited = (await data(api.unfavouriteStatus(first.id))).favourited
await api.bookmarkStatus(first.id)
seen.bookmarks = (await data(api.getBookmarks())).map((one) => one.id)
seen.found = (await data(api.search('wall', { type: 'statuses' }))).statuses.map((one) => one.id)
seen.people = (await data(api.searchAccount('bob'))).map((one) => one.username)
const notifications = await data(api.getNotifications())
seen.notifications = notifications.map((one) => [one.type, one.account.username])
seen.named = [(await data(api.updateCredentials({ display_name: 'A new name' }))).display_name]
await api.deleteStatus(reply.id)
const statusOf = (error) => error.response?.status ?? String(error)
seen.deleted = await api.getStatus(reply.id).catch(statusOf)
seen.detected = await library.detector(url).catch((error) => error.message)

await visitor.revokeToken(app.client_id, app.client_secret, token.access_token)
seen.ended = await api.verifyAccountCredentials().catch(statusOf)
console.log(JSON.stringify(seen))
