// The budgets of the front end, measured on dist/ as a browser fetches it: `npm run size`.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

interface Chunk {
  file: string
  imports?: string[]
  css?: string[]
}
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8')) as Record<
  string,
  Chunk
>

/** Everything a browser must have before the entry runs. */
function needed(entry: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[entry]
  if (!chunk) throw new Error(`${entry} is not in the manifest.`)
  if (seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const next of chunk.imports ?? []) needed(next, seen)
  return seen
}
const weight = (files: Iterable<string>) =>
  [...files].reduce(
    (sum, name) => sum + gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length,
    0,
  )

const budgets: [string, string, number][] = [
  ['app, first route, JavaScript', 'src/spa/main.ts', 80_000],
  ['stylesheet', 'src/styles/site.css', 13_000],
  ['template page, JavaScript', 'src/islands/main.ts', 1_500],
]
let failed = false
for (const [what, entry, budget] of budgets) {
  const files = needed(entry)
  const bytes = weight(files)
  const over = bytes > budget
  failed ||= over
  const kB = (bytes / 1000).toFixed(1)
  console.log(
    `${over ? 'OVER' : 'ok  '} ${what}: ${kB} of ${budget / 1000} kB gz in ${files.size} files`,
  )
}
if (failed) process.exit(1)
