import { expect, it } from 'vitest'
import cases from '../../tests/looks.json'
import { isEmoji } from './isEmoji'
import { splitAtMatches } from './matches'

// tests/domain/test_looks.py reads the same cases for the pages.
it.each(cases.matches as [string, string, string[]][])(
  'marks in %j what matches %j',
  (text, searched, pieces) => {
    expect(splitAtMatches(text, searched)).toEqual(pieces)
    expect(pieces.join('')).toBe(text)
  },
)

it.each(cases.emoji as [string, boolean][])('says of %j whether it is emoji: %s', (text, is) => {
  expect(isEmoji(text)).toBe(is)
})
