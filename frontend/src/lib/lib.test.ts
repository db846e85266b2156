import { afterEach, describe, expect, it } from 'vitest'
import { ApiError } from '../api/errors'
import de from '../i18n/de'
import english from '../i18n/en'
import englishDeferred from '../i18n/enDeferred'
import { setLanguage, t } from '../i18n/t'
import { errorMessage } from './errorMessage'
import { safeRedirect } from './safeRedirect'
import { countCharacters } from './text'
import { relativeTime, shortDate } from './time'

describe('counting like the server', () => {
  it.each([
    ['', 0],
    ['  blank around  ', 12],
    ['a\r\nb', 3],
    ['👩‍👩‍👧', 5],
    ['é', 1],
  ])('%j has %i', (text, length) => expect(countCharacters(text)).toBe(length))
})

describe('the redirect after the login', () => {
  it.each(['/posts/3', '/@alice?q=x'])('leads to %s', (path) =>
    expect(safeRedirect(path)).toBe(path),
  )
  it.each([
    '//evil.example',
    '/\\evil',
    'https://evil.example',
    '/\t/evil',
    'x',
    undefined,
    ['/a'],
  ])('never to %j', (path) => expect(safeRedirect(path)).toBe('/'))
})

const en = { ...english, ...englishDeferred }

describe('texts', () => {
  afterEach(() => setLanguage('en'))

  it('fills in and chooses the plural', async () => {
    expect(t('timeline.new', { n: 1 })).toBe('1 new post')
    expect(t('timeline.new', { n: 0 })).toBe('0 new posts')
    await setLanguage('de')
    expect(t('timeline.new', { n: 2 })).toBe('2 neue Beiträge')
    expect(document.documentElement.lang).toBe('de')
  })
  it('has the message for a missing page in the language of the user', async () => {
    await setLanguage('de')
    const missing = new ApiError('not-found', { detail: 'There is nothing here.' })
    expect(errorMessage(missing)).toBe(de['error.not-found'])
  })
  it('has the same placeholders in both languages', () => {
    const gaps = (text: unknown) =>
      JSON.stringify(text)
        .match(/\{\w+\}/g)
        ?.sort() ?? []
    for (const key of Object.keys(en) as (keyof typeof en)[])
      expect([key, ...new Set(gaps(de[key]))]).toEqual([key, ...new Set(gaps(en[key]))])
  })
})

describe('time', () => {
  it('is relative for a week', () => {
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()
    expect(relativeTime(ago(-5))).toBe('now')
    expect(relativeTime(ago(3 * 60 + 5))).toMatch(/^3/)
    expect(relativeTime(ago(26 * 3600))).toBe('yesterday')
    expect(relativeTime('2020-02-01T12:00:00Z')).toBe('1 Feb 2020')
    expect(shortDate(`${new Date().getFullYear()}-02-01T12:00:00Z`)).toBe('1 Feb')
  })
})
