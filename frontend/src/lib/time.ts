import { shallowRef } from 'vue'
import { locale } from '../i18n/t'

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 7],
]
const date = { day: 'numeric', month: 'short' } as const
const withTime = { ...date, hour: '2-digit', minute: '2-digit' } as const

// One clock for all posts on the page.
const now = shallowRef(Date.now())
setInterval(() => (now.value = Date.now()), 30_000)

/** Format as the pages do, whose English has the day before the month and 24 hours. */
const format = (iso: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale.value === 'en' ? 'en-GB' : locale.value, options).format(
    new Date(iso),
  )
const year = (iso: string | number) => new Date(iso).getFullYear()
/** Name the year only when it is another one. */
const ofYear = (iso: string) => (year(iso) === year(now.value) ? undefined : 'numeric')

export const fullDate = (iso: string): string =>
  format(iso, { dateStyle: 'full', timeStyle: 'short' })
export const dateAndTime = (iso: string): string => format(iso, { ...withTime, year: ofYear(iso) })
export const shortDate = (iso: string): string => format(iso, { ...date, year: ofYear(iso) })
export const monthAndYear = (iso: string): string => format(iso, { month: 'long', year: 'numeric' })

/** Return "5 minutes ago" up to a week, the date after that. */
export function relativeTime(iso: string): string {
  let amount = (now.value - Date.parse(iso)) / 1000
  const relative = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto', style: 'narrow' })
  for (const [unit, size] of steps) {
    if (amount < size) return relative.format(-Math.max(0, Math.floor(amount)), unit)
    amount /= size
  }
  return shortDate(iso)
}
