import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { expect, it } from 'vitest'
import * as documents from '../../src/api/documents'
import { markNames } from '../../src/lib/marks'
import { schemaFile } from '../mock/posts'

const schema = buildSchema(readFileSync(schemaFile(), 'utf8'))
const { setMark, ...rest } = documents
const marking = markNames.flatMap((mark) =>
  [true, false].map((on) => [`${on ? '' : 'un'}${mark}`, setMark(mark, on)] as const),
)

it.each([...Object.entries(rest), ...marking])('%s is valid in the schema', (_, document) => {
  expect(validate(schema, parse(document))).toEqual([])
})
