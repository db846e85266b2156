import type { Likes } from '../composables/likeQueue'

/** Sends a like through the session of the template pages.
 *  @throws the response, when the server refuses */
export async function sendLike(address: string, csrfToken: string, liked: boolean): Promise<Likes> {
  const response = await fetch(address, {
    method: liked ? 'PUT' : 'DELETE',
    headers: { 'X-CSRFToken': csrfToken, Accept: 'application/json' },
  })
  if (!response.ok) throw response
  const post = (await response.json()) as { liked: boolean; like_count: number }
  return { liked: post.liked, likeCount: post.like_count }
}
