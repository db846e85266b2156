import { shallowRef } from 'vue'
import { locale } from '../i18n/t'

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 7],
]

// One clock for all posts on the page.
const now = shallowRef(Date.now())
setInterval(() => (now.value = Date.now()), 30_000)

export const fullDate = (iso: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: 'full', timeStyle: 'short' }).format(
    new Date(iso),
  )

export const shortDate = (iso: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium' }).format(new Date(iso))

/** Return "5 minutes ago" up to a week, the date after that. */
export function relativeTime(iso: string): string {
  let amount = (now.value - Date.parse(iso)) / 1000
  const format = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto', style: 'narrow' })
  for (const [unit, size] of steps) {
    if (amount < size) return format.format(-Math.max(0, Math.floor(amount)), unit)
    amount /= size
  }
  return shortDate(iso)
}
