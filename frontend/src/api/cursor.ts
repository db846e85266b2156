/** The server answers with whole addresses; only the cursor in them matters. */
export const cursorOf = (address: string | null) =>
  address && new URL(address, 'http://any').searchParams.get('cursor')
