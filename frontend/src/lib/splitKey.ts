import type { InjectionKey } from 'vue'

/** Under which the page of a search provides how texts are split: matches.ts is loaded with it. */
export const SPLIT: InjectionKey<(text: string) => string[]> = Symbol('split')
