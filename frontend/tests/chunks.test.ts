import { expect, test } from 'vitest'
import { matches } from '../chunks'

test('a checkout may be in a directory with the name of a source directory', () => {
  const ours = matches('/home/ann/pages/ublog/frontend/', /pages\/(?!FeedPage)/)
  expect(ours('/home/ann/pages/ublog/frontend/src/App.vue')).toBe(false)
  expect(ours('/home/ann/pages/ublog/frontend/src/pages/PostPage.vue')).toBe(true)
})
