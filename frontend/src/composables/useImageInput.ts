import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { Key } from '../i18n/deferred'

/** Bytes; the server's own limit. */
const LARGEST = 10 * 1024 * 1024

/** A picture by button, by drag or by paste, with its preview. */
export function useImageInput() {
  const file = shallowRef<File | null>(null)
  /** An address of the picture for an `<img>`. */
  const preview = shallowRef<string | null>(null)
  const problem = shallowRef<Key | null>(null)
  // Entering a child fires before pendingDeletions its parent, so count instead of remembering.
  const depth = shallowRef(0)

  function release(): void {
    if (preview.value) URL.revokeObjectURL(preview.value)
  }
  watch(file, (now) => {
    release()
    preview.value = now && URL.createObjectURL(now)
  })
  onScopeDispose(release)

  function choose(files: FileList | null | undefined): boolean {
    const chosen = files?.[0]
    if (!chosen) return false
    problem.value = !chosen.type.startsWith('image/')
      ? 'composer.notPicture'
      : chosen.size > LARGEST
        ? 'composer.tooLarge'
        : null
    if (!problem.value) file.value = chosen
    return !problem.value
  }

  function clear(): void {
    file.value = null
    problem.value = null
  }

  const listeners = {
    dragenter: () => void depth.value++,
    dragleave: () => void depth.value--,
    dragover: (event: DragEvent) => event.preventDefault(),
    drop: (event: DragEvent) => {
      depth.value = 0
      if (!event.dataTransfer?.files.length) return
      event.preventDefault()
      choose(event.dataTransfer.files)
    },
    paste: (event: ClipboardEvent) => {
      // Pasted text that also carries a picture of itself (office programs) stays text.
      if (event.clipboardData?.types.includes('text/plain')) return
      if (choose(event.clipboardData?.files)) event.preventDefault()
    },
  }
  const dragging = computed(() => depth.value > 0)
  return { file, preview, problem, dragging, choose, clear, listeners }
}
