/** The layers of src/: no import circle, and the API knows neither the session nor a component. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

const SRC = resolve(import.meta.dirname, '../src')
const SPECIFIER = /(?:\bfrom|\bimport\(?)\s*['"](\.[^'"?]+)/g

/** The directories of each layer, which imports nothing of the layers after it. Other directories
 *  import any. */
const LAYERS = ['lib i18n api', 'session', 'composables', 'queries', 'components', 'pages', 'spa']

/** What a file imports, by its path in src/; `import()` and types included. */
type Graph = Map<string, string[]>

function resolved(from: string, specifier: string): string | undefined {
  const path = resolve(dirname(from), specifier)
  return [path, `${path}.ts`, join(path, 'index.ts')].find(
    (name) => /\.\w+$/.test(name) && existsSync(name),
  )
}

function readGraph(): Graph {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(ts|vue)$/.test(name) && !name.endsWith('.test.ts'),
  )
  return new Map(
    files.map((name) => {
      const path = join(SRC, name)
      const specifiers = [...readFileSync(path, 'utf8').matchAll(SPECIFIER)].map(
        ([, to]) => to ?? '',
      )
      const found = specifiers.map((to) => resolved(path, to)).filter((to) => to !== undefined)
      return [name, found.map((to) => relative(SRC, to))]
    }),
  )
}

/** Return the files of the first circle, or none. */
function findCircle(graph: Graph): string[] {
  const done = new Set<string>()
  function visit(file: string, path: string[]): string[] {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return []
    done.add(file)
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file])
      if (circle.length) return circle
    }
    return []
  }
  for (const file of graph.keys()) {
    const circle = visit(file, [])
    if (circle.length) return circle
  }
  return []
}

function importsUpward(graph: Graph): string[] {
  const layer = (file: string) =>
    LAYERS.findIndex((names) => names.split(' ').includes(file.split('/')[0] ?? ''))
  return [...graph].flatMap(([file, imports]) =>
    imports
      .filter((to) => layer(file) >= 0 && layer(to) > layer(file))
      .map((to) => `${file} → ${to}`),
  )
}

it('reads the imports', () => {
  const graph = readGraph()
  expect(graph.size).toBeGreaterThan(100)
  expect(graph.get('session/session.ts')).toContain('api/http.ts')
  expect(graph.get('spa/router.ts')).toContain('pages/PostPage.vue') // by import()
})

it('finds circles and imports upward', () => {
  const graph: Graph = new Map([
    ['api/a.ts', ['session/b.ts']],
    ['session/b.ts', ['lib/c.ts']],
    ['lib/c.ts', ['api/a.ts']],
  ])
  expect(findCircle(graph)).toEqual(['api/a.ts', 'session/b.ts', 'lib/c.ts', 'api/a.ts'])
  expect(importsUpward(graph)).toEqual(['api/a.ts → session/b.ts'])
})

it('has no import circle', () => expect(findCircle(readGraph())).toEqual([]))

it('imports no layer above', () => expect(importsUpward(readGraph())).toEqual([]))
