/** Through the REST function views: one URL for each operation. */
import { restApi } from './rest'

const root = '/api/fbv/posts/'

export default restApi({
  list: root,
  create: `${root}new/`,
  read: (id) => `${root}${id}/`,
  replies: (id) => `${root}${id}/replies/`,
  ancestors: (id) => `${root}${id}/ancestors/`,
  update: (id) => `${root}${id}/update/`,
  remove: (id) => `${root}${id}/delete/`,
  mark: (id, mark) => `${root}${id}/${mark}/`,
  notifications: '/api/fbv/notifications/',
})
