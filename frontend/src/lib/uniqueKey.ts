/** 128 random bits. `crypto.randomUUID` is there on https only, and a LAN often has none. */
export const uniqueKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
