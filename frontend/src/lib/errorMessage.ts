import type { ApiError } from '../api/errors'
import { t } from '../i18n/t'

/** Return the message for the user: that of the server where it says more than our own. */
export function errorMessage(error: ApiError): string {
  if (error.kind === 'not-found') return t('error.not-found')
  const text = error.detail || Object.values(error.fields).flat().join(' ')
  if (text && error.kind !== 'server') return text
  const own = t(`error.${error.kind}`)
  return error.requestId ? `${own} (${t('error.requestId', { id: error.requestId })})` : own
}
