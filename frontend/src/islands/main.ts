/** All that a template page loads until one of its islands comes near: the page works without. */
async function mountIsland(element: HTMLElement): Promise<void> {
  // Every other name is that of a mark: `like`.
  // A deploy renames the chunks: then the page goes on working as a plain form.
  const island = await (
    element.dataset.island === 'composer' ? import('./composer') : import('./mark')
  ).catch(() => null)
  island?.default(element)
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting) {
        near.unobserve(target)
        void mountIsland(target as HTMLElement)
      }
  },
  { rootMargin: '200px' },
)
for (const element of document.querySelectorAll('[data-island]')) near.observe(element)
// What anonymous visitors see is not private.
if (document.body.dataset.user) void import('./checkPage').catch(() => null)
// The user who has read something in the app is logged out by now.
else if (localStorage['ublog:reader']) void import('./forget').catch(() => null)
void import('./times').catch(() => null)
