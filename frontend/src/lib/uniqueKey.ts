/** Return 128 random bits in hexadecimal. `crypto.randomUUID` needs HTTPS, which a LAN often lacks. */
export const uniqueKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
