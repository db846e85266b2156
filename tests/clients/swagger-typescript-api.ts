// What swagger-typescript-api generates, before a live site.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Api, ContentType } from './swagger'

const [site = '', access = '', picture = ''] = process.argv.slice(2)
const client = new Api<string>({
  baseUrl: site,
  securityWorker: (token) => (token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
})
client.setSecurityData(access)
const { api } = client

const image = new File([readFileSync(picture)], 'photo.png', { type: 'image/png' })
// It sends JSON where an operation takes JSON, too; this sends a form.
const form = { type: ContentType.FormData }
const { data: post } = await api.cbvPostsCreate({ body: 'Look', image, image_alt: 'A wall' }, form)
assert(post.image)
const { data: reply } = await api.fbvPostsNewCreate({ body: 'Tea', in_reply_to: post.id })
assert.equal(reply.in_reply_to, post.id)
const { data: liked } = await api.fbvPostsLikeUpdate(post.id)
assert.equal(liked.like_count, 1)
const { data: edited } = await api.cbvPostsPartialUpdate(post.id, { image: null })
assert.equal(edited.image, null)
await assert.rejects(api.cbvPostsRetrieve(0), { status: 404 })
assert.equal((await api.cbvPostsDestroy(reply.id)).status, 204)
