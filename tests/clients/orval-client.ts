// What orval generates (client `fetch`), before a live site.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import * as api from './orval'

const [site = '', access = '', picture = ''] = process.argv.slice(2)
// It requests URLs without a host, which a browser completes.
const { fetch } = globalThis
globalThis.fetch = (url, options) => fetch(new URL(String(url), site), options)
const options = { headers: { Authorization: `Bearer ${access}` } }

const image = new File([readFileSync(picture)], 'photo.png', { type: 'image/png' })
const published = await api.cbvPostsCreate({ body: 'Look', image, image_alt: 'A wall' }, options)
assert(published.status === 201 && published.data.image)
const { id } = published.data
const reply = await api.fbvPostsNewCreate({ body: 'Tea', image, in_reply_to: id }, options)
assert(reply.status === 201 && reply.data.in_reply_to === id)
const liked = await api.fbvPostsLikeUpdate(id, options)
assert(liked.status === 200 && liked.data.like_count === 1)
const missing = await api.cbvPostsRetrieve(0)
assert.equal(missing.status, 404)
const deleted = await api.cbvPostsDestroy(reply.data.id, options)
assert.equal(deleted.status, 204)
