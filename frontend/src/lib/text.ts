/** The limit of a post, in characters as the server counts them: code points, a line end is one, and
 *  white space around the text and more than two blank lines running are not counted. */
export const MAX_LENGTH = 280
export const normalize = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .trim()
    .replace(/\n(?:[^\S\n]*\n){3,}/g, '\n\n\n')
export const countCharacters = (text: string): number => [...normalize(text)].length
