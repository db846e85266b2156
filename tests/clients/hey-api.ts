// What @hey-api/openapi-ts generates: its types, and its client before a live site.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { formDataBodySerializer } from './generated/client'
import { client } from './generated/client.gen'
import * as api from './generated'

const [site = '', access = '', picture = ''] = process.argv.slice(2)
client.setConfig({ baseUrl: site, auth: access, throwOnError: true })
const file = new File([readFileSync(picture)], 'photo.png', { type: 'image/png' })
const path = ({ id }: api.Post) => ({ path: { id } })

// It takes JSON where an operation takes JSON, too; this sends a form.
const form = { ...formDataBodySerializer, headers: { 'Content-Type': null } }

const inViewSet = await api.cbvPostsCreate<true>({ ...form, body: { body: 'Look', image: file } })
const inFunctions = await api.fbvPostsNewCreate<true>({
  ...form,
  body: { body: 'Look', image: file, image_alt: 'A wall', in_reply_to: inViewSet.data.id },
})
assert(inViewSet.data.image && inFunctions.data.image)
assert.equal(inFunctions.data.in_reply_to, inViewSet.data.id)

const edited = await api.cbvPostsPartialUpdate<true>({
  ...form,
  ...path(inViewSet.data),
  body: { image_remove: true },
})
assert.equal(edited.data.image, null)
const liked = await api.fbvPostsLikeUpdate<true>(path(edited.data))
assert.equal(liked.data.liked, true)
const read = await api.cbvPostsRetrieve<true>(path(liked.data))
assert.deepEqual([read.data.like_count, read.data.reply_count], [1, 1])

const { data: page } = await api.fbvPostsList<true>({ query: { replies: 'on', page_size: 1 } })
assert.equal(page.results[0]?.id, inFunctions.data.id)
assert.equal(page.next && new URL(page.next, site).pathname, '/api/fbv/posts/')
await api.cbvPostsDestroy<true>(path(inFunctions.data))
