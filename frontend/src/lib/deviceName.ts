import { t } from '../i18n/deferred'

// In this order: the User-Agent of each also names those after it.
const browsers = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari']
const systems = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'CrOS', 'Linux']
const names: Record<string, string> = {
  Edg: 'Edge',
  OPR: 'Opera',
  CrOS: 'ChromeOS',
  'Mac OS': 'macOS',
}

const first = (words: string[], text: string) => {
  const word = words.find((item) => text.includes(item))
  return word && (names[word] ?? word)
}

/** Return "Firefox on Linux" for a User-Agent header. */
export function deviceName(userAgent: string): string {
  const browser = first(browsers, userAgent)
  const system = first(systems, userAgent)
  if (browser && system) return t('settings.device', { browser, system })
  return browser ?? system ?? t('settings.unknownDevice')
}
