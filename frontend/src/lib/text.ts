/** The limit of a post, in characters as the server counts them: code points, a line end is one, and
 *  white space around the text is not counted. */
export const MAX_LENGTH = 280
export const normalize = (text: string): string => text.replace(/\r\n?/g, '\n').trim()
export const countCharacters = (text: string): number => [...normalize(text)].length
