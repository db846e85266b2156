import LikeIsland from './LikeIsland.vue'
import { mount } from './mount'

/** `<form data-island="like" data-count data-liked action=".../like/">` with its CSRF field. */
export default function like(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return
  const { count = '0', liked } = form.dataset
  const csrfToken = String(new FormData(form).get('csrfmiddlewaretoken') ?? '')
  // The page's own door has a twin under /api/: /fbv/posts/3/like/ is /api/fbv/posts/3/like/.
  const address = `/api${new URL(form.action).pathname}`
  const place = document.createElement('span')
  void mount(
    LikeIsland,
    { address, csrfToken, likeCount: Number(count), liked: liked === 'true' },
    place,
  )
  form.replaceChildren(place)
}
