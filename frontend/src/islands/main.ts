/** All that a template page loads until one of its islands comes near: the page works without. */
type Mount = (element: HTMLElement) => void

const islands: Record<string, () => Promise<{ default: Mount }>> = {
  like: () => import('./like'),
  composer: () => import('./composer'),
}

async function arrive(element: HTMLElement): Promise<void> {
  const load = islands[element.dataset.island ?? '']
  // A page whose chunks a deploy has renamed keeps working as the plain form it is.
  const island = await load?.().catch(() => null)
  island?.default(element)
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue
      near.unobserve(target)
      void arrive(target as HTMLElement)
    }
  },
  { rootMargin: '200px' },
)
for (const element of document.querySelectorAll('[data-island]')) near.observe(element)
// What anonymous visitors see is nobody's secret.
if (document.body.dataset.user) void import('./checkPage').catch(() => null)
