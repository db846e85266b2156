/** All texts, for code that is not on the first route: their English is loaded with it. */
import enDeferred from './enDeferred'
import type { Messages } from './messages'
import { addEnglishTexts, translate, type Values } from './t'

addEnglishTexts(enDeferred)

export type Key = keyof Messages
export const t: (key: Key, values?: Values) => string = translate
