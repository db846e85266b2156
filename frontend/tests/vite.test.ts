// @vitest-environment node
import { expect, test } from 'vitest'
import { matches } from '../vite.config'

test('a checkout may be in a directory that is called as one of ours', () => {
  const inOurs = matches(/pages\/(?!FeedPage)/, '/home/ann/pages/ublog/frontend/')
  expect(inOurs('/home/ann/pages/ublog/frontend/src/App.vue')).toBe(false)
  expect(inOurs('/home/ann/pages/ublog/frontend/src/pages/PostPage.vue')).toBe(true)
})
