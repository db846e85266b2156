/** The same pattern as in ublog/core/emoji.py, where a byte order mark is no white space. */
const symbol =
  '[\\u231a\\u231b\\u23e9-\\u23f3\\u25fd\\u25fe\\u2600-\\u27bf\\u2b1b-\\u2b55\\u{1f004}-\\u{1f1e5}\\u{1f201}-\\u{1faff}]'
const one = `${symbol}\\ufe0f?[\\u{1f3fb}-\\u{1f3ff}]?[\\u{e0020}-\\u{e007f}]*`
const emoji = `(?:${one}(?:\\u200d${one})*|[\\u{1f1e6}-\\u{1f1ff}]{2}|[0-9#*]\\ufe0f?\\u20e3)`
const space = '[^\\S\\ufeff]*'
const few = new RegExp(`^(?:${space}${emoji}){1,3}${space}$`, 'u')
const LONGEST = 60

/** Return whether a text is one to three emoji and nothing else: such a post is shown large. */
export const isEmoji = (text: string): boolean => [...text].length <= LONGEST && few.test(text)
