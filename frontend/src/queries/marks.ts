import { useQueryClient } from '@tanstack/vue-query'
import { asApiError } from '../api/errors'
import type { Post } from '../api/types'
import { showToast } from '../composables/useToasts'
import { t } from '../i18n/t'
import { errorMessage } from '../lib/errorMessage'
import { markQueue } from '../lib/markQueue'
import { markState, withMark, type Mark } from '../lib/marks'
import { changePost } from './cache'
import { blogApi } from './currentApi'
import { lockPost } from './lockedPosts'

/** Return a function that sets or clears a mark of a post, in every list that has it. */
export function useMark(post: () => Post, mark: Mark) {
  const client = useQueryClient()
  const { id } = post()
  const toggle = markQueue({
    show: (state) => changePost(client, id, (old) => withMark(old, mark, state)),
    send: async (on) => markState(await (await blogApi()).setMark(id, mark, on), mark),
    fail(reason) {
      const error = asApiError(reason)
      const gone = error.kind === 'not-found'
      if (gone) void import('./listChanges').then(({ removePost }) => removePost(client, id))
      showToast(gone ? t('post.gone') : errorMessage(error), { tone: 'error' })
    },
  })
  return () => toggle(markState(post(), mark)).finally(lockPost(id))
}
