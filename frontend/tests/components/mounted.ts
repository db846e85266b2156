import { VUE_QUERY_CLIENT } from '@tanstack/vue-query'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, vi } from 'vitest'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Post } from '../../src/api/types'
import { createClient } from '../../src/queries/client'
import { accessToken, adoptToken } from '../../src/session/session'
import type { Stored, User } from '../mock/blog'
import { freshBlog } from '../msw'

// jsdom has the element without its methods.
Object.assign(HTMLDialogElement.prototype, {
  showModal(this: HTMLDialogElement) {
    this.open = true
  },
  close(this: HTMLDialogElement) {
    this.open = false
    this.dispatchEvent(new Event('close'))
  },
})

// Nor does it have a layout: nothing comes into view but by scrollDown().
const observers = new Set<{ reach(): void }>()
vi.stubGlobal(
  'IntersectionObserver',
  class {
    private target?: Element
    private callback: (entries: object[]) => void
    constructor(callback: (entries: object[]) => void) {
      this.callback = callback
      observers.add(this)
    }
    observe(target: Element) {
      this.target = target
    }
    disconnect() {
      observers.delete(this)
    }
    reach() {
      this.callback([{ isIntersecting: true, target: this.target }])
    }
  },
)
/** Bring into view what is watched: the ends of the lists. */
export const scrollDown = () => observers.forEach((observer) => observer.reach())
vi.stubGlobal('scrollTo', () => undefined)
Element.prototype.scrollIntoView = () => undefined

let current: VueWrapper | undefined
afterEach(() => {
  current?.unmount()
  accessToken.value = null
  localStorage.clear()
})

/** Mount the component with the router and the query client of the app. */
export async function shown<T extends Component>(component: T, props: object = {}, path = '/') {
  const client = createClient()
  const blank = { template: '<p />' }
  const routes = ['/', '/posts/:id', '/@:username', '/tags/:tag', '/login', '/register']
  routes.push('/password-reset')
  const names = ['timeline', 'post', 'author', 'tag', 'login', 'register', 'forgot']
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      ...routes.map((path, at) => ({
        path,
        name: names[at] ?? path,
        component: blank,
      })),
      { path: '/:path(.*)', name: 'not-found', component: blank },
    ],
  })
  await router.push(path)
  const wrapper = mount(component as Component, {
    props,
    attachTo: document.body,
    global: { plugins: [router], provide: { [VUE_QUERY_CLIENT]: client } },
  })
  current = wrapper
  return { wrapper, router, client }
}

/** A blog with Alice and Bob. */
export function blogOf() {
  const backEnd = freshBlog()
  const alice = backEnd.blog.person('alice', { displayName: 'Alice' })
  const bob = backEnd.blog.person('bob')
  const asPost = (stored: Stored, viewer: User | null = null): Post =>
    backEnd.blog.show(stored, viewer)
  return {
    ...backEnd,
    alice,
    bob,
    asPost,
    actAs: (user: User) => adoptToken(backEnd.tokens.access(user)),
  }
}

/** Wait until the check passes: 20 seconds, for a slow machine. */
export const eventually = async (check: () => void) => {
  await flushPromises()
  await vi.waitFor(check, { timeout: 20_000 })
}
