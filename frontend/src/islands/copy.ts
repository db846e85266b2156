// The buttons that copy the field before them. Without this script they stay hidden.
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const field = button.previousElementSibling as HTMLInputElement
    field.select()
    // Missing without HTTPS, which a LAN often lacks.
    const copied = navigator.clipboard
      ? await navigator.clipboard.writeText(field.value).then(
          () => true,
          () => false,
        )
      : document.execCommand('copy')
    if (copied) button.textContent = 'Copied'
  })
}
