import { computed, nextTick, shallowRef, watch, type Ref } from 'vue'
import { useListener } from '../../composables/useListener'
import { useMe } from '../../queries/me'
import { loggedIn } from '../../session/session'

/** The most characters of a post that are filled in. */
const MAX_STARTER = 140

/** Begin an empty reply with those whom it mentions, without its writer, as soon as its field gets the
 *  focus; take the names back when it loses the focus and nothing was added. */
export function useStarter(
  form: HTMLFormElement,
  draft: Ref<string>,
  people: () => readonly string[],
): void {
  const { me } = useMe()
  const field = form.querySelector('textarea')
  const focused = shallowRef(document.activeElement === field)
  const starter = computed(() => {
    // Until the profile is there, it is not known whose name to leave out.
    if (loggedIn.value && !me.value) return ''
    return people()
      .filter((name) => name !== me.value?.username)
      .map((name) => `@${name} `)
      .reduce((text, name) => (text.length + name.length > MAX_STARTER ? text : text + name), '')
  })

  function takeBack(): void {
    focused.value = false
    if (draft.value === starter.value) draft.value = ''
  }
  useListener(field, 'focus', () => (focused.value = true))
  useListener(field, 'blur', takeBack)
  useListener(window, 'pagehide', takeBack)

  watch(
    [focused, starter],
    async () => {
      if (!focused.value || !starter.value || draft.value) return
      draft.value = starter.value
      await nextTick()
      // After the click that has set the focus has set the caret.
      setTimeout(() => field?.setSelectionRange(field.value.length, field.value.length))
    },
    { immediate: true },
  )
}
