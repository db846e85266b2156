/** Every GraphQL document of the app; a test validates them against docs/schema.graphql. */
import type { Mark } from '../lib/marks'
import {
  createPostArguments,
  createPostVariables,
  postFields,
  postsArguments,
  postsVariables,
  updatePostArguments,
  updatePostVariables,
} from './gen/strings.ts'

const fields = `fragment F on Post { ${postFields} }`
const payload = 'post { ...F } errors { code field message retryAfter }'

const page = 'edges { node { ...F } } pageInfo { hasNextPage endCursor }'

export const posts = `query Posts(${postsVariables}) {
  page: posts(${postsArguments}) { searchedTo ${page} }
} ${fields}`

export const replies = `query Replies($id: ID!, $first: Int, $after: String) {
  page: replies(id: $id, first: $first, after: $after) { ${page} }
} ${fields}`

export const ancestors = `query Ancestors($id: ID!) {
  ancestors(id: $id) { results { ...F } top }
} ${fields}`

export const post = `query Post($id: ID!) { post(id: $id) { ...F } } ${fields}`

export const createPost = `mutation CreatePost(${createPostVariables}) {
  payload: createPost(${createPostArguments}) { ${payload} }
} ${fields}`

export const updatePost = `mutation UpdatePost(${updatePostVariables}) {
  payload: updatePost(${updatePostArguments}) { ${payload} }
} ${fields}`

export const deletePost = `mutation DeletePost($id: ID!) {
  payload: deletePost(id: $id) { deletedId errors { code field message retryAfter } }
}`

export const notifications = `query Notifications($first: Int, $after: String) {
  page: notifications(first: $first, after: $after) {
    edges { node { id kind createdOn unread actor { username displayName avatar { url width height } } otherCount post { ...F } } }
    pageInfo { hasNextPage endCursor }
  }
} ${fields}`

export const unreadNotificationCount = 'query Unread { count: unreadNotificationCount }'

export const markNotificationsRead = `mutation MarkRead($upTo: DateTime!) {
  payload: markNotificationsRead(upTo: $upTo) {
    count: unreadNotificationCount errors { code field message retryAfter }
  }
}`

/** `likePost` and `unlikePost`, and so on for each mark. */
export const setMark = (mark: Mark, on: boolean) => `mutation SetMark($id: ID!) {
  payload: ${on ? mark : `un${mark}`}Post(id: $id) { ${payload} }
} ${fields}`
