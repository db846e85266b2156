/** Through REST functions: one address for each operation. */
import { restApi } from './rest'

const root = '/api/fbv/posts/'

export default restApi({
  list: root,
  create: `${root}new/`,
  read: (id) => `${root}${id}/`,
  update: (id) => `${root}${id}/update/`,
  remove: (id) => `${root}${id}/delete/`,
  like: (id) => `${root}${id}/like/`,
})
