import type en from './en'
import type enDeferred from './enDeferred'

/** A text with a plural: `{n}` decides which. */
export type Plural = { one: string; other: string } & Partial<Record<Intl.LDMLPluralRule, string>>
/** The same keys in another language. */
export type Translated<T> = { [K in keyof T]: T[K] extends string ? string : Plural }

/** All texts: what every other language must have. */
export type Messages = Translated<typeof en & typeof enDeferred>
