import type { Ref } from 'vue'
import { useStored } from './useStored'

/** A text that survives a reload, a crash and a sign-in; empty drafts leave nothing behind. */
export function useDraft(name: string): { draft: Ref<string>; restored: boolean } {
  const draft = useStored(`draft:${name}`, '')
  return { draft, restored: Boolean(draft.value) }
}
