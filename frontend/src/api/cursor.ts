/** Return the cursor in the URL of a next page: REST sends whole URLs. */
export const cursorOf = (url: string | null) =>
  url && new URL(url, 'http://any').searchParams.get('cursor')
