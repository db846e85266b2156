import { computed, shallowRef, type Ref } from 'vue'
import { asApiError, type ApiError } from '../../api/errors'
import type { Image } from '../../api/types'
import { useImageInput } from '../../composables/useImageInput'
import { MAX_LENGTH, countCharacters } from '../../lib/text'
import { uniqueKey } from '../../lib/uniqueKey'
import type { Sent } from '../../queries/post'

type Send = (input: Sent) => Promise<unknown>

/** What a composer of a new post and of an edit have in common. */
export function useComposer(body: Ref<string>, send: Send, before: Image | null = null) {
  const imageInput = useImageInput()
  const alt = shallowRef(before?.alt ?? '')
  const keptImage = shallowRef(before)
  const error = shallowRef<ApiError | null>(null)
  const busy = shallowRef(false)
  // The same text sent again because the first response was lost is one post.
  let key = uniqueKey()

  const left = computed(() => MAX_LENGTH - countCharacters(body.value))
  const ready = computed(() => left.value < MAX_LENGTH && left.value >= 0 && !busy.value)
  const shown = computed(
    () => imageInput.preview.value ?? keptImage.value?.renditions[0]?.url ?? null,
  )

  const hasImage = computed(() => Boolean(imageInput.file.value ?? keptImage.value))

  function removeImage(): void {
    imageInput.clear()
    keptImage.value = null
    alt.value = ''
  }

  const image = () => imageInput.file.value ?? (before && !keptImage.value ? null : undefined)

  /** Send the post and return whether the server has accepted it; after an error the text stays. */
  async function submit(): Promise<boolean> {
    if (!ready.value) return false
    busy.value = true
    error.value = null
    try {
      const imageAlt = hasImage.value ? alt.value : undefined
      await send({ body: body.value, image: image(), imageAlt, idempotencyKey: key })
      key = uniqueKey()
      return true
    } catch (reason) {
      // The user pressed Cancel: no error to show, and what they send next is another post, whether
      // or not the server has received all of this one.
      const cancelled = (reason as { code?: string }).code === 'ERR_CANCELED'
      if (!cancelled) error.value = asApiError(reason)
      if (cancelled || error.value?.kind === 'invalid') key = uniqueKey()
      return false
    } finally {
      busy.value = false
    }
  }
  return { imageInput, alt, shown, hasImage, left, ready, busy, error, removeImage, submit }
}

export type Composer = ReturnType<typeof useComposer>
