/** What the first page does without: it is loaded when the page is there. */
import { hasWorker } from '../lib/site'

/** Install the service worker; where the site has none any more, remove it and what it has kept. */
async function installWorker(): Promise<void> {
  const { serviceWorker } = navigator
  if (hasWorker)
    return void (await serviceWorker.register('/worker.js', { updateViaCache: 'none' }))
  const registration = await serviceWorker.getRegistration('/')
  if (!(await registration?.unregister())) return
  const names = (await caches.keys()).filter((name) => name.startsWith('ublog-'))
  await Promise.all(names.map((name) => caches.delete(name)))
}

export async function afterLoad(): Promise<void> {
  if (document.readyState !== 'complete')
    await new Promise((resolve) => addEventListener('load', resolve, { once: true }))
  // The page that is opened next most often, also where no service worker keeps it.
  await import('../pages/PostPage.vue')
  // Plain http has no service workers, but on this machine.
  if ('serviceWorker' in navigator) await installWorker()
}
