/** Through the REST view set: one address, many methods. */
import { restApi } from './rest'

const root = '/api/cbv/posts/'
const one = (id: number) => `${root}${id}/`

export default restApi({
  list: root,
  create: root,
  read: one,
  update: one,
  remove: one,
  like: (id) => `${one(id)}like/`,
})
