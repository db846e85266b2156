// The service worker of the app: what it keeps, and why, is in docs/adr/0030-the-service-worker.md.
// Other files, another look or other code make other bytes here, and so a new worker.
const VERSION = "{{ version }}"
const FILES = {{ files|tojson }}
const SHELL = `ublog-shell-${VERSION}`
const READ = "ublog-read"
const MOST = 60 // responses that are kept
const PATIENCE = 4000 // milliseconds until the kept shell is shown while the network is silent
const PAGES = {{ pages|tojson }}.map((pattern) => new RegExp(pattern))
const KEPT = /^\/api\/([cf]bv\/(posts|notifications)\/|(profile|users\/[^/]+)\/$)/
const ENDS_OR_BEGINS_A_SESSION = /^\/(accounts|admin|api\/profile|api\/auth(?!\/token\/refresh))\//

/** Fetch the shell and every file of the same build, or fail: then the worker before this one stays. */
async function install() {
  const response = await fetch("/", { credentials: "omit", cache: "no-store" })
  const html = await response.clone().text()
  if (!response.ok || !html.includes(FILES[0])) throw new Error("The site is being renewed.")
  const cache = await caches.open(SHELL)
  await cache.addAll(FILES)
  await cache.put("/", response)
}

/** Delete the caches but `kept`. */
async function clear(kept) {
  const names = (await caches.keys()).filter((name) => name.startsWith("ublog-") && name !== kept)
  await Promise.all(names.map((name) => caches.delete(name)))
}

/** Begin, once no tab uses the worker before this one: its shell has found all of its files till then. */
async function activate() {
  await clear(SHELL)
  await registration.navigationPreload?.enable()
  await clients.claim()
}

let checked = false

/** Give up if the site has no worker any more. A browser would keep this one for ever. */
async function check() {
  if (checked) return
  const response = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null)
  checked = Boolean(response)
  if (response?.status !== 404) return
  await clear()
  await registration.unregister()
}

/** Return the page from the network; without one, or if it is silent, the kept shell. */
async function open(event) {
  const shell = () => caches.match("/", { cacheName: SHELL, ignoreVary: true })
  const network = (async () => (await event.preloadResponse) ?? fetch(event.request))()
  const silent = new Promise((resolve) => setTimeout(resolve, PATIENCE))
  try {
    return await Promise.race([network, silent.then(shell).then((kept) => kept ?? network)])
  } catch {
    return (await shell()) ?? Response.error()
  }
}

/** Return a response from the network, and keep it; without a network, the one that was kept.
 *  Its key is the URL alone: a request has a token. */
async function read(event) {
  const { url, headers } = event.request
  // Opened before the request: what a log-out deletes stays deleted.
  const cache = await caches.open(READ)
  try {
    const response = await fetch(event.request)
    // Without the name of its user the session has just ended, and the token is about to.
    const known = !headers.has("Authorization") || response.headers.has("X-Ublog-User")
    if (response.status === 200 && known) event.waitUntil(keep(cache, url, response.clone()))
    return response
  } catch {
    return (await cache.match(url, { ignoreVary: true })) ?? Response.error()
  }
}

async function keep(cache, url, response) {
  await cache.put(url, response)
  const oldest = (await cache.keys()).slice(0, -MOST)
  await Promise.all(oldest.map((key) => cache.delete(key)))
}

addEventListener("install", (event) => event.waitUntil(install()))
addEventListener("activate", (event) => event.waitUntil(activate()))
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname, searchParams } = new URL(url)
  if (origin !== location.origin) return
  // What is written, pictures included, goes to the network without this worker.
  if (method !== "GET") {
    if (ENDS_OR_BEGINS_A_SESSION.test(pathname)) event.waitUntil(caches.delete(READ))
  } else if (mode === "navigate") {
    event.waitUntil(check())
    if (PAGES.some((page) => page.test(pathname.slice(1)))) event.respondWith(open(event))
  } else if (pathname.startsWith("/static/")) {
    event.respondWith(caches.match(url).then((kept) => kept ?? fetch(event.request)))
  } else if (KEPT.test(pathname) && !searchParams.has("q")) {
    event.respondWith(read(event))
  }
})
