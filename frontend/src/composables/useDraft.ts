import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import {
  findDraft,
  newDraft,
  readDraft,
  releaseDraft,
  removeDraft,
  writeDraft,
} from '../lib/drafts'

/**
 * Makes of `draft` a text that survives a reload, a crash and a log-in; an empty one leaves nothing
 * behind.
 *
 * `owner` is the id of the user who writes, '' for nobody, null while that is not known. What
 * nobody has typed here becomes the draft of who logs in; what a user has typed stays theirs.
 * Returns whether the text was restored.
 */
export function useDraft(name: string, owner: () => string | null, draft: Ref<string>) {
  const restored = shallowRef(false)
  let key = ''
  let over = false

  function save(): void {
    if (key) writeDraft(name, key, draft.value)
  }

  async function restore(user: string): Promise<void> {
    const found = await findDraft(user, name)
    // Somebody who types fast has begun another by now: the old one waits for the next time.
    if (!found || draft.value || owner() !== user || over) return
    const text = readDraft(found)
    removeDraft(found)
    draft.value = text
    restored.value = Boolean(text)
  }

  function enter(user: string | null, before?: string | null): void {
    const kept = before ? '' : draft.value
    if (before === '') removeDraft(key)
    else releaseDraft(key)
    key = ''
    draft.value = kept
    restored.value = false
    if (user === null) return
    key = newDraft(user, name)
    if (kept) save()
    else void restore(user)
  }

  watch(draft, save, { flush: 'sync' })
  watch(owner, enter, { immediate: true, flush: 'sync' })
  onScopeDispose(() => {
    over = true
    releaseDraft(key)
  })
  return restored
}
