import { onScopeDispose, shallowRef } from 'vue'
import { searchPeople } from '../api/account'
import type { Author } from '../api/types'

/** Milliseconds without a key before the server is asked. */
const PAUSE = 150

/** The users whose name begins as what is typed; an error finds nobody. */
export function usePeople(found: (people: Author[]) => void) {
  const people = shallowRef<Author[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let controller: AbortController | undefined

  function clear(): void {
    clearTimeout(timer)
    controller?.abort()
    people.value = []
  }
  async function ask(name: string): Promise<void> {
    controller = new AbortController()
    const { signal } = controller
    const result = await searchPeople(name, signal).catch(() => [])
    if (signal.aborted) return
    people.value = result
    found(result)
  }
  function search(name: string): void {
    clearTimeout(timer)
    controller?.abort()
    timer = setTimeout(() => void ask(name), PAUSE)
  }
  onScopeDispose(clear)
  return { people, search, clear }
}
