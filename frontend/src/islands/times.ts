/** Writes the moments of a page, which the server names in UTC, in the time zone of the reader. */
const thisYear = ` ${new Date().getFullYear()}`
for (const time of document.querySelectorAll('time'))
  time.textContent = new Date(time.dateTime)
    .toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
    .replace(thisYear, '')

export {}
