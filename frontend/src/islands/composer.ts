import ComposerIsland from './ComposerIsland.vue'
import { mount } from './mount'

/** `<form data-island="composer">` with a `body`, perhaps an `image`, and an empty
 *  `<div data-island-place>` where the counter and the preview go. */
export default function composer(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return
  const body = form.elements.namedItem('body')
  const image = form.elements.namedItem('image')
  const place = form.querySelector('[data-island-place]')
  if (!(body instanceof HTMLTextAreaElement) || !place) return
  const files = image instanceof HTMLInputElement ? image : null
  void mount(ComposerIsland, { form, body, files }, place)
}
