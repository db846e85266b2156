import { computed, shallowRef } from 'vue'
import { cookie, setCookie } from '../lib/cookies'
import en from './en'
import type { Plural } from './messages'

export type CoreKey = keyof typeof en
type Texts = Record<string, string | Plural>
export type Values = Record<string, string | number>

export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages
/** The texts of every language but English, which is always there. */
const loaders: Record<Exclude<Language, 'en'>, () => Promise<{ default: Texts }>> = {
  de: () => import('./de'),
}

// Django's own cookie, so that the template pages are in the same language.
const COOKIE = 'django_language'

const isLanguage = (name: string): name is Language => name in languages
const wanted = [cookie(COOKIE), ...navigator.languages.map((tag) => tag.slice(0, 2))]

const english: Texts = { ...en }
const texts = shallowRef<Texts>(english)
const current = shallowRef<Language>('en')
export const locale = computed(() => current.value)
const plural = computed(() => new Intl.PluralRules(current.value))

/** Return the text in the user's language. In a template it follows a change of language. */
export function translate(key: string, values: Values = {}): string {
  const found = texts.value[key] ?? key
  const text =
    typeof found === 'string'
      ? found
      : (found[plural.value.select(Number(values.n))] ?? found.other)
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** For the texts of the first route; the `t` of deferred.ts knows all of them. */
export const t: (key: CoreKey, values?: Values) => string = translate

export const addEnglishTexts = (more: Texts): void => void Object.assign(english, more)

async function load(language: Language): Promise<void> {
  texts.value = language === 'en' ? english : (await loaders[language]()).default
  current.value = language
  document.documentElement.lang = language
}

export async function setLanguage(language: Language): Promise<void> {
  await load(language)
  setCookie(COOKIE, language)
}

/** Before the first paint, so that no English appears for a moment. */
export const loadLanguage = (): Promise<void> => load(wanted.find(isLanguage) ?? 'en')
