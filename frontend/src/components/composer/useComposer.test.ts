import { CanceledError } from 'axios'
import { describe, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import { ApiError } from '../../api/errors'
import { useComposer } from './useComposer'

function composer(text: string, send = vi.fn().mockResolvedValue({})) {
  const body = ref(text)
  const parts = effectScope().run(() => useComposer(body, send))
  if (!parts) throw new Error('No scope')
  return { body, send, ...parts }
}

describe('the composer', () => {
  it.each([
    ['', false],
    ['   ', false],
    ['Hello', true],
    ['x'.repeat(280), true],
    ['x'.repeat(281), false],
  ])('%j can be sent: %s', (text, ready) => expect(composer(text).ready.value).toBe(ready))

  it('keeps the text when the server cannot be reached', async () => {
    const send = vi.fn().mockRejectedValue(new ApiError('offline'))
    const { body, submit, error } = composer('Hello', send)
    expect(await submit()).toBe(false)
    expect([body.value, error.value?.kind]).toEqual(['Hello', 'offline'])
  })

  it('sends the same key again after a lost response, and a new one for a new post', async () => {
    const send = vi.fn().mockRejectedValueOnce(new ApiError('offline')).mockResolvedValue({})
    const { submit } = composer('Hello', send)
    for (let n = 0; n < 3; n++) await submit()
    const [first, second, third] = send.mock.calls.map(([input]) => input.idempotencyKey)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  it('takes a new key after Cancel: the next one is another post', async () => {
    const send = vi.fn().mockRejectedValueOnce(new CanceledError()).mockResolvedValue({})
    const { submit, error } = composer('Hello', send)
    expect(await submit()).toBe(false)
    expect(error.value).toBeNull()
    await submit()
    const [first, second] = send.mock.calls.map(([input]) => input.idempotencyKey)
    expect(second).not.toBe(first)
  })

  it('rejects a file that is not an image before it is sent', () => {
    const { imageInput, shown } = composer('Hello')
    const files = [new File(['x'], 'x.txt', { type: 'text/plain' })]
    imageInput.choose(files as unknown as FileList)
    expect([imageInput.problem.value, shown.value]).toEqual(['composer.notPicture', null])
  })
})
