import { marks, type Mark } from '../lib/marks'
import MarkIsland from './MarkIsland.vue'
import { mount } from './mount'

const isMark = (name: string): name is Mark => Object.hasOwn(marks, name)

/** `<form data-island="like" data-count data-liked action=".../like/">` with its CSRF field: the name
 *  of a mark, its count if it has one, and its field. */
export default function mark(form: HTMLElement): void {
  const { island = '', count } = form.dataset
  if (!(form instanceof HTMLFormElement) || !isMark(island)) return
  const csrfToken = String(new FormData(form).get('csrfmiddlewaretoken') ?? '')
  // /fbv/posts/3/like/ has the same operation in REST: /api/fbv/posts/3/like/.
  const url = `/api${new URL(form.action).pathname}`
  const initial = {
    on: form.dataset[marks[island].field] === 'true',
    count: count === undefined ? null : Number(count),
  }
  const place = document.createElement('span')
  void mount(MarkIsland, { url, csrfToken, mark: island, initial }, place)
  form.replaceChildren(place)
}
