import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { Key } from '../i18n/deferred'
import { problemOf, readImage } from '../lib/imageFile'

/** An image that is chosen, dropped or pasted, with its preview. */
export function useImageInput() {
  const file = shallowRef<File | null>(null)
  /** A URL of the image for an `<img>`. */
  const preview = shallowRef<string | null>(null)
  const problem = shallowRef<Key | null>(null)
  /** It is an animation, of which the server keeps one frame. */
  const moves = shallowRef(false)
  // `dragenter` of a child fires before `dragleave` of its parent, so count them.
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
    problem.value = problemOf(chosen)
    if (problem.value) return false
    moves.value = false
    file.value = chosen
    void check(chosen)
    return true
  }

  /** Replace the file by what the server accepts of it, or by the problem that it has. */
  async function check(chosen: File): Promise<void> {
    const read = await readImage(chosen, 'heic' in document.body.dataset)
    if (file.value !== chosen) return
    file.value = read.file
    problem.value = read.problem
    moves.value = read.moves
  }

  function clear(): void {
    file.value = null
    problem.value = null
    moves.value = false
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
      // Office programs paste text with an image of it: keep the text.
      if (event.clipboardData?.types.includes('text/plain')) return
      if (choose(event.clipboardData?.files)) event.preventDefault()
    },
  }
  const dragging = computed(() => depth.value > 0)
  return { file, preview, problem, moves, dragging, choose, clear, listeners }
}
