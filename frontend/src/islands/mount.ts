import { createApp, type Component } from 'vue'
import { loadLanguage } from '../i18n/t'

/** Mount a component into an element, in the language of the page. */
export async function mount(component: Component, props: object, place: Element): Promise<void> {
  await loadLanguage()
  createApp(component, { ...props }).mount(place)
}
