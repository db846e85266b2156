import { expect, test } from 'vitest'
import { matches, neededBy } from '../chunks'

test('a checkout may be in a directory with the name of a source directory', () => {
  const ours = matches('/home/ann/pages/ublog/frontend/', /pages\/(?!FeedPage)/)
  expect(ours('/home/ann/pages/ublog/frontend/src/App.vue')).toBe(false)
  expect(ours('/home/ann/pages/ublog/frontend/src/pages/PostPage.vue')).toBe(true)
})

test('what is imported by import() alone is not needed by the entry', () => {
  const imports: Record<string, string[]> = { main: ['App', 'vue'], App: ['vue', 'main'], vue: [] }
  const getModuleInfo = (id: string) => ({ importedIds: imports[id] ?? [] })
  const nameOf = neededBy('main', 'app')
  const named = ['main', 'App', 'vue', 'Page'].map((id) => nameOf(id, { getModuleInfo }))
  expect(named).toEqual(['app', 'app', 'app', null])
})
