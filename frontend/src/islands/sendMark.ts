import { camelCase } from '../api/camelCase'
import type { RestPost } from '../api/types'
import { markState, type Mark, type MarkState } from '../lib/marks'

/** Set or clear a mark, with the session of the template pages.
 *  @throws the response, when its status is an error */
export async function sendMark(
  mark: Mark,
  url: string,
  csrfToken: string,
  on: boolean,
): Promise<MarkState> {
  const response = await fetch(url, {
    method: on ? 'PUT' : 'DELETE',
    headers: { 'X-CSRFToken': csrfToken, Accept: 'application/json' },
  })
  if (!response.ok) throw response
  return markState(camelCase((await response.json()) as RestPost), mark)
}
