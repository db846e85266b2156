/** Through the REST view set: one URL, several methods. */
import { restApi } from './rest'

const root = '/api/cbv/posts/'
const detail = (id: number) => `${root}${id}/`

export default restApi({
  list: root,
  create: root,
  read: detail,
  replies: (id) => `${detail(id)}replies/`,
  ancestors: (id) => `${detail(id)}ancestors/`,
  update: detail,
  remove: detail,
  mark: (id, mark) => `${detail(id)}${mark}/`,
  notifications: '/api/cbv/notifications/',
})
