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
 * Keep the text of `draft` over a reload, a crash and a login; an empty text is not stored.
 *
 * `owner` returns the id of the user, '' for an anonymous visitor, null while it is not known. The
 * draft of an anonymous visitor becomes that of the user who logs in; that of a user stays theirs.
 * Return two refs: whether the text was restored, and whether a draft is still searched for.
 */
export function useDraft(name: string, owner: () => string | null, draft: Ref<string>) {
  const restored = shallowRef(false)
  const searching = shallowRef(true)
  let key = ''
  let over = false

  function save(): void {
    if (key) writeDraft(name, key, draft.value)
  }

  async function restore(user: string): Promise<void> {
    const found = await findDraft(user, name)
    if (owner() === user) searching.value = false
    // The user has started another text during the search: the draft stays for the next time.
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
    searching.value = !kept
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
  return { restored, searching }
}
