import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { findDraft, newDraft, readDraft, releaseDraft, removeDraft, writeDraft } from './drafts'

/**
 * A text that survives a reload, a crash and a log-in; empty drafts leave nothing behind.
 *
 * `owner` is the id of the user who writes, '' for nobody, null while that is not known. What
 * nobody has typed here becomes the draft of who logs in; what a user has typed stays theirs.
 */
export function useDraft(
  name: string,
  owner: () => string | null,
): { draft: Ref<string>; restored: Ref<boolean> } {
  const draft = ref('')
  const restored = shallowRef(false)
  let key = ''

  function save(): void {
    if (key) writeDraft(name, key, draft.value)
  }

  async function restore(now: string): Promise<void> {
    const found = await findDraft(now, name)
    // Somebody who types fast has begun another by now: the old one waits for the next time.
    if (!found || draft.value || owner() !== now) return
    const text = readDraft(found)
    removeDraft(found)
    draft.value = text
    restored.value = Boolean(text)
  }

  async function enter(now: string | null, before?: string | null): Promise<void> {
    const kept = before ? '' : draft.value
    if (key && before === '') removeDraft(key)
    else if (key) releaseDraft(key)
    key = ''
    draft.value = kept
    restored.value = false
    if (now === null) return
    key = newDraft(now, name)
    save()
    if (!kept) await restore(now)
  }

  watch(draft, save, { flush: 'sync' })
  watch(owner, enter, { immediate: true, flush: 'sync' })
  onScopeDispose(() => releaseDraft(key))
  return { draft, restored }
}
