// Writes the types of docs/schema.graphql, the selection of a whole post and the arguments of a list:
// `npm run types`. A test validates every document of the app against the schema.
import { readFileSync, writeFileSync } from 'node:fs'
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type GraphQLObjectType,
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

/** The selection of all fields of a type that take no arguments, at every depth. Without `userId`,
 *  which is for Relay: it would cost something for each post, and the app uses usernames. */
function selection(type: GraphQLObjectType): string {
  const fields = Object.values(type.getFields()).filter(
    ({ args, name }) => args.length === 0 && name !== 'userId',
  )
  const parts = fields.map(({ name, type: of }) => {
    const named = getNamedType(of)
    return isObjectType(named) ? `${name} { ${selection(named)} }` : name
  })
  return parts.join(' ')
}
const post = schema.getType('Post') as GraphQLObjectType
const list = schema.getQueryType()?.getFields().posts?.args ?? []
const fieldsOfList = list.map(({ name, type }) => {
  const base = getNamedType(type)
  return `  ${name}?: ${isScalarType(base) ? (scalars[base.name] ?? 'unknown') : base.name} | null`
})
parts.push(`export interface PostsArguments {\n${fieldsOfList.join('\n')}\n}`)
/** The declaration of a variable for each argument of a root field, and the arguments. */
function argumentStrings(name: string): string[] {
  const args = [schema.getQueryType(), schema.getMutationType()]
    .flatMap((root) => root?.getFields()[name]?.args ?? [])
    .map((arg) => ({ name: arg.name, type: String(arg.type) }))
  return [
    `export const ${name}Variables = '${args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')}'`,
    `export const ${name}Arguments = '${args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')}'`,
  ]
}
const strings = [
  '/** Made by `npm run types` from docs/schema.graphql. */',
  `export const postFields = '${selection(post)}'`,
  ...['posts', 'createPost', 'updatePost'].flatMap(argumentStrings),
]
writeFileSync(new URL('../src/api/gen/strings.ts', import.meta.url), strings.join('\n') + '\n')
writeFileSync(new URL('../src/api/gen/graphql.ts', import.meta.url), parts.join('\n\n') + '\n')
