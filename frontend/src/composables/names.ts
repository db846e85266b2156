import type { Author } from '../api/port'
import { t } from '../i18n/t'

export const authorName = (author: Author | null): string =>
  author ? author.displayName || author.username : t('post.anonymous')
