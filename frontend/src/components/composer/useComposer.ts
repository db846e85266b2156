import { computed, shallowRef, type Ref } from 'vue'
import { asApiError, type ApiError } from '../../api/errors'
import type { Picture } from '../../api/port'
import { LIMIT, lengthOf } from '../../composables/text'
import { useImageInput } from '../../composables/useImageInput'
import { uniqueKey } from '../../composables/uniqueKey'
import type { Sent } from '../../queries/post'

type Send = (input: Sent) => Promise<unknown>

/** What writing a post and editing one have in common. */
export function useComposer(body: Ref<string>, send: Send, before: Picture | null = null) {
  const picture = useImageInput()
  const alt = shallowRef(before?.alt ?? '')
  const kept = shallowRef(before)
  const error = shallowRef<ApiError | null>(null)
  const busy = shallowRef(false)
  // The same text sent twice because the first answer got lost is one post.
  let key = uniqueKey()

  const left = computed(() => LIMIT - lengthOf(body.value))
  const ready = computed(() => left.value < LIMIT && left.value >= 0 && !busy.value)
  const shown = computed(() => picture.preview.value ?? kept.value?.thumbnail ?? null)

  function removePicture(): void {
    picture.clear()
    kept.value = null
    alt.value = ''
  }

  const image = () => picture.file.value ?? (before && !kept.value ? null : undefined)

  /** True when the server took it; on a failure everything stays as it was written. */
  async function submit(): Promise<boolean> {
    if (!ready.value) return false
    busy.value = true
    error.value = null
    try {
      const imageAlt = shown.value ? alt.value : undefined
      await send({ body: body.value, image: image(), imageAlt, idempotencyKey: key })
      key = uniqueKey()
      return true
    } catch (reason) {
      // The person pressed Cancel: nothing to explain, and what they send next is another post,
      // whether or not the server had all of this one already.
      const cancelled = (reason as { code?: string }).code === 'ERR_CANCELED'
      if (!cancelled) error.value = asApiError(reason)
      if (cancelled || error.value?.kind === 'invalid') key = uniqueKey()
      return false
    } finally {
      busy.value = false
    }
  }
  return { picture, alt, shown, left, ready, busy, error, removePicture, submit }
}

export type Composer = ReturnType<typeof useComposer>
