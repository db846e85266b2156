// Collects the Lucide icons (ISC licence) that the pages use into one sprite: `npm run icons`.
import { readFileSync, writeFileSync } from 'node:fs'
import { marks } from '../src/lib/marks.ts'

const names =
  'search settings house user log-in log-out pen-line image-plus x ellipsis link trash-2 ' +
  'circle-alert wifi-off arrow-up check mail keyboard monitor sun moon clock server-crash lock ' +
  'feather arrow-left code smartphone message-circle bell bell-off at-sign flag zoom-in zoom-out download share ' +
  'users rss key-round hash'
const directory = new URL('../node_modules/lucide-static/icons/', import.meta.url)

const markIcons = Object.values(marks).map(({ icon }) => icon)
const symbols = [...markIcons, ...names.split(' ')].map((name) => {
  const svg = readFileSync(new URL(`${name}.svg`, directory), 'utf8')
  const drawing = /<svg[^>]*>(.*)<\/svg>/s.exec(svg)?.[1] ?? ''
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s+/g, ' ').trim()}</symbol>`
})
writeFileSync(
  new URL('../src/assets/icons.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Lucide, ISC licence, lucide.dev -->\n${symbols.join('\n')}\n</svg>\n`,
)
