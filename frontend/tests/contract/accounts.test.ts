/** What the app may expect of the REST API of accounts. */
import { beforeEach, describe, expect, it } from 'vitest'
import * as account from '../../src/api/account'
import { getMe } from '../../src/api/me'
import { errorOf, logInAs, resetWorld } from './world'

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT/)

describe('accounts', () => {
  beforeEach(resetWorld)

  it('reads the profile of the user', async () => {
    expect((await errorOf(getMe())).kind).toBe('unauthorized')
    await logInAs('alice')
    expect(await getMe()).toEqual({
      username: 'alice',
      displayName: 'Alice Lindqvist',
      avatar: null,
      bio: expect.any(String),
      bioSegments: expect.any(Array),
      dateJoined: TIME,
      email: 'alice@example.org',
      emailNotifications: 'daily',
      timeZone: 'UTC',
      role: 'member',
    })
  })

  it('updates the profile', async () => {
    await logInAs('bob')
    const { bio } = await account.updateMe({ bio: 'Bread and Python.' })
    expect([bio, (await getMe()).bio]).toEqual(['Bread and Python.', 'Bread and Python.'])
  })

  it('updates when mails come, and nothing else', async () => {
    await logInAs('bob')
    const { bio } = await getMe()
    const changes = { emailNotifications: 'off', timeZone: 'Europe/Vienna' } as const
    expect(await account.updateMe(changes)).toMatchObject({ ...changes, bio })
  })

  it('reads the public profile of another user, without the e-mail address', async () => {
    expect(await account.getPerson('alice')).toEqual({
      username: 'alice',
      displayName: 'Alice Lindqvist',
      avatar: null,
      postCount: expect.any(Number),
      receivedLikeCount: expect.any(Number),
      bio: expect.any(String),
      bioSegments: expect.any(Array),
      dateJoined: TIME,
    })
    expect((await errorOf(account.getPerson('nobody'))).kind).toBe('not-found')
  })

  it('lists the sessions, of which one is this', async () => {
    await logInAs('alice')
    const { results, next } = await account.listSessions(null)
    expect(next === null || next.includes('cursor=')).toBe(true)
    expect(results.filter(({ current }) => current)).toEqual([
      {
        id: expect.any(String),
        createdOn: TIME,
        lastUsedOn: TIME,
        userAgent: expect.any(String),
        current: true,
      },
    ])
  })

  it('has the errors of a field under its name', async () => {
    const error = await errorOf(account.register('no address'))
    expect([error.kind, Object.keys(error.fields)]).toEqual(['invalid', ['email']])
  })
})
