import { expect, it } from 'vitest'
import { camelCase } from './camelCase'

it('renames the fields at every depth, and leaves the values', () => {
  const rest = { like_count: 3, created_by: { display_name: 'a_b' }, a: [{ b_c_d: null }, 'e_f'] }
  const app: { likeCount: number; createdBy: { displayName: string } } = camelCase(rest)
  expect(app).toEqual({
    likeCount: 3,
    createdBy: { displayName: 'a_b' },
    a: [{ bCD: null }, 'e_f'],
  })
})
