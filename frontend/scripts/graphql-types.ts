// TypeScript for what docs/schema.graphql can answer: `npm run types`. The arguments are checked by
// a test that validates every document of the app against the schema.
import { readFileSync, writeFileSync } from 'node:fs'
import {
  buildSchema,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type GraphQLOutputType,
} from 'graphql'

const scalars: Record<string, string> = {
  ID: 'string',
  String: 'string',
  DateTime: 'string',
  Int: 'number',
  Float: 'number',
  Boolean: 'boolean',
}

function written(type: GraphQLOutputType): string {
  if (isNonNullType(type)) return bare(type.ofType as GraphQLOutputType)
  return `${bare(type)} | null`
}
function bare(type: GraphQLOutputType): string {
  if (isListType(type)) return `(${written(type.ofType as GraphQLOutputType)})[]`
  const name = String(type)
  return isScalarType(type) ? (scalars[name] ?? 'unknown') : name
}

const source = new URL('../../docs/schema.graphql', import.meta.url)
const schema = buildSchema(readFileSync(source, 'utf8'))
const parts = ['/** Made by `npm run types` from docs/schema.graphql. */']
for (const type of Object.values(schema.getTypeMap())) {
  if (type.name.startsWith('__')) continue
  if (isEnumType(type)) {
    const values = type.getValues().map(({ name }) => `'${name}'`)
    parts.push(`export type ${type.name} = ${values.join(' | ')}`)
  }
  if (isObjectType(type)) {
    const fields = Object.values(type.getFields())
    const lines = fields.map((field) => `  ${field.name}: ${written(field.type)}`)
    parts.push(`export interface ${type.name} {\n${lines.join('\n')}\n}`)
  }
}
writeFileSync(new URL('../src/api/gen/graphql.ts', import.meta.url), parts.join('\n\n') + '\n')
