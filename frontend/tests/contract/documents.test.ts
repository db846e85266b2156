import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { expect, it } from 'vitest'
import * as documents from '../../src/api/documents'
import { schemaFile } from '../mock/posts'

const schema = buildSchema(readFileSync(schemaFile(), 'utf8'))

it.each(Object.entries(documents))('%s is what the schema understands', (_, document) => {
  expect(validate(schema, parse(document))).toEqual([])
})
