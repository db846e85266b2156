import { locale } from '../i18n/t'

/** Return a number in a few characters: 1.2K */
export const compactNumber = (n: number): string =>
  new Intl.NumberFormat(locale.value, { notation: 'compact' }).format(n)
