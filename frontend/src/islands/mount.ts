import { createApp, type Component } from 'vue'
import { loadLanguage } from '../i18n/t'

/** Puts a component in a place of its own, in the page's language. */
export async function mount(component: Component, props: object, place: Element): Promise<void> {
  await loadLanguage()
  createApp(component, { ...props }).mount(place)
}
