// openapi-fetch with the types of openapi-typescript, before a live site.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import createClient from 'openapi-fetch'
import type { components, paths } from './schema'

const [site = '', access = '', picture = ''] = process.argv.slice(2)
const headers = { Authorization: `Bearer ${access}` }
const client = createClient<paths>({ baseUrl: site, headers })
const params = ({ id }: components['schemas']['Post']) => ({ params: { path: { id } } })

/** A form with the fields of a body, which has the file in place of its type, a string. */
function form(body: object): FormData {
  const made = new FormData()
  for (const [name, value] of Object.entries(body)) made.append(name, value)
  return made
}

const file = new File([readFileSync(picture)], 'photo.png', { type: 'image/png' })
const body = { body: 'Look', image: file as unknown as string, image_alt: 'A wall' }
const published = await client.POST('/api/cbv/posts/', { body, bodySerializer: form })
assert(published.data?.image)
const text = await client.POST('/api/fbv/posts/new/', {
  body: { body: 'Tea', in_reply_to: published.data.id },
})
assert(text.data)
const edit = { ...params(published.data), body: { image: null } }
const edited = await client.PATCH('/api/fbv/posts/{id}/update/', edit)
assert.equal(edited.data?.image, null)
const liked = await client.PUT('/api/cbv/posts/{id}/like/', params(text.data))
assert.equal(liked.data?.like_count, 1)
const missing = await client.GET('/api/fbv/posts/{id}/', { params: { path: { id: 0 } } })
assert.deepEqual([missing.response.status, missing.error], [404, { detail: 'Not found.' }])
const deleted = await client.DELETE('/api/cbv/posts/{id}/', params(text.data))
assert.equal(deleted.response.status, 204)
