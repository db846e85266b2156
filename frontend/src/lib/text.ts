/** What the server counts: the limit is in code points, line ends are one character, and blanks
 *  around the text do not count. */
export const MAX_LENGTH = 280
export const normalize = (text: string): string => text.replace(/\r\n?/g, '\n').trim()
export const countCharacters = (text: string): number => [...normalize(text)].length

export interface Piece {
  text: string
  href?: string
}

const address = /https?:\/\/[^\s<>"']+/g
// What ends a sentence is rarely part of the address before it.
const trailing = /[.,;:!?)\]}’”"']+$/

/** Splits a text at its http and https urls. */
export function splitLinks(text: string): Piece[] {
  const parts: Piece[] = []
  let end = 0
  for (const { 0: match, index } of text.matchAll(address)) {
    const href = match.replace(trailing, '')
    if (!URL.canParse(href)) continue
    if (index > end) parts.push({ text: text.slice(end, index) })
    parts.push({ text: href.replace(/^https?:\/\//, ''), href })
    end = index + href.length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}
