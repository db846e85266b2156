/** Copy a text to the clipboard; return false when the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Missing without HTTPS, which a LAN often lacks.
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text)
      return true
    }
    const field = document.createElement('textarea')
    field.value = text
    document.body.append(field)
    field.select()
    const copied = document.execCommand('copy')
    field.remove()
    return copied
  } catch {
    return false
  }
}
