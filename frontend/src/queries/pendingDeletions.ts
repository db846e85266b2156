import { shallowReactive } from 'vue'

/** The ids of the posts that are hidden until they are deleted, each with the id of its toast. */
export const pendingDeletions = shallowReactive(new Map<number, number>())
