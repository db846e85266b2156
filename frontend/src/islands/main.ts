/** All that a template page loads until one of its islands comes near: the page works without. */
type Mount = (element: HTMLElement) => void

const islands: Record<string, () => Promise<{ default: Mount }>> = {
  composer: () => import('./composer'),
}
// Every other name is that of a mark: `like`.
const mark = () => import('./mark')

async function mountIsland(element: HTMLElement): Promise<void> {
  const load = islands[element.dataset.island ?? ''] ?? mark
  // A deploy renames the chunks: then the page goes on working as a plain form.
  const island = await load().catch(() => null)
  island?.default(element)
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue
      near.unobserve(target)
      void mountIsland(target as HTMLElement)
    }
  },
  { rootMargin: '200px' },
)
for (const element of document.querySelectorAll('[data-island]')) near.observe(element)
// What anonymous visitors see is not private.
if (document.body.dataset.user) void import('./checkPage').catch(() => null)
