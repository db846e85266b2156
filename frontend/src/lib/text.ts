/** The limit of a post, in characters as the server counts them: code points, a line end is one, and
 *  white space around the text is not counted. */
export const MAX_LENGTH = 280
export const normalize = (text: string): string => text.replace(/\r\n?/g, '\n').trim()
export const countCharacters = (text: string): number => [...normalize(text)].length

export interface Piece {
  text: string
  href?: string
}

const urls = /https?:\/\/[^\s<>"']+/g
// The punctuation of a sentence is rarely part of the URL before it.
const trailing = /[.,;:!?)\]}’”"']+$/

/** Split a text at its http and https URLs. */
export function splitLinks(text: string): Piece[] {
  const parts: Piece[] = []
  let end = 0
  for (const { 0: match, index } of text.matchAll(urls)) {
    const href = match.replace(trailing, '')
    if (!URL.canParse(href)) continue
    if (index > end) parts.push({ text: text.slice(end, index) })
    parts.push({ text: href.replace(/^https?:\/\//, ''), href })
    end = index + href.length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}
