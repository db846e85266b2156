/** REST names fields in snake_case, the app in camelCase: the border between them. */

type CamelName<S extends string> = S extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelName<Rest>>}`
  : S

/** A type of the REST API with its names in camelCase, at every depth. */
export type CamelCased<T> = T extends readonly (infer Item)[]
  ? CamelCased<Item>[]
  : T extends object
    ? { [K in keyof T as K extends string ? CamelName<K> : K]: CamelCased<T[K]> }
    : T

export const camelName = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

export const snakeName = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Return a copy of a JSON value with the names of its fields in camelCase, at every depth. */
export function camelCase<T>(value: T): CamelCased<T>
export function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => camelCase(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [camelName(name), camelCase(item as unknown)]),
  )
}
