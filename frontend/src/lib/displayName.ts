import type { Author } from '../api/types'
import { t } from '../i18n/t'

export const displayName = (author: Author | null): string =>
  author ? author.displayName || author.username : t('post.anonymous')
