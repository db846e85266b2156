// The comparison with script: buttons that copy a text, and links that open what they name.
function addCopyButtons(): void {
  for (const box of document.querySelectorAll('.cmp-copy')) {
    const button = document.createElement('button')
    button.className = 'tool'
    button.textContent = 'Copy'
    button.addEventListener('click', () => {
      void navigator.clipboard.writeText(box.querySelector('code')?.textContent ?? '').then(() => {
        button.textContent = 'Copied'
      })
    })
    box.append(button)
  }
}

// What a link of the strip names may be in a closed element.
function openTarget(): void {
  const target = document.getElementById(location.hash.slice(1))
  if (target instanceof HTMLDetailsElement) target.open = true
}

/** Show a part of each interface without another request, which would run all five again. */
function choose(chosen: HTMLAnchorElement): void {
  const page = document.getElementById('comparison')
  const view = chosen.dataset.view
  if (!page || !view) return
  page.dataset.view = view
  for (const input of document.querySelectorAll<HTMLInputElement>('input[name=view]'))
    input.value = view
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.cmp-tabs a')) {
    if (link.dataset.view) {
      link.toggleAttribute('aria-current', link === chosen)
    } else {
      const url = new URL(link.href)
      url.searchParams.set('view', view)
      link.href = url.href
    }
  }
  chosen.setAttribute('aria-current', 'true')
  history.replaceState(history.state, '', chosen.href)
}

addCopyButtons()
for (const link of document.querySelectorAll<HTMLAnchorElement>('.cmp-views a')) {
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    choose(link)
  })
}
openTarget()
addEventListener('hashchange', openTarget)
