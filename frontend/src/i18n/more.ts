/** All texts, for the code that is loaded later: its English comes along with it. */
import type en from './en'
import enMore from './enMore'
import { addEnglish, say, type Translated, type Values } from './t'

addEnglish(enMore)

export type Messages = Translated<typeof en & typeof enMore>
export type Key = keyof Messages
export const t: (key: Key, values?: Values) => string = say
