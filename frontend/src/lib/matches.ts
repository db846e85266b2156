/** Fold a character as searches do: cases and accents are equal. */
const fold = (character: string): string =>
  character
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toUpperCase()
    .toLowerCase()

/** Return the text in pieces, of which every second is what was searched for, as
 *  ublog/core/matches.py does. */
export function splitAtMatches(text: string, searched: string): string[] {
  const wanted = [...searched.trim()].map(fold).join('')
  if (!wanted) return [text]
  const characters = [...text]
  // For each character of the folded text, which one of the text it comes from.
  const origins = characters.flatMap((character, at) => [...fold(character)].map(() => at))
  const folded = characters.map(fold).join('')
  const pieces: string[] = []
  let from = 0
  for (let at = 0; (at = folded.indexOf(wanted, at)) >= 0; at += wanted.length) {
    const start = Math.max(origins[[...folded.slice(0, at)].length] ?? 0, from)
    const end = (origins[[...folded.slice(0, at + wanted.length)].length - 1] ?? start) + 1
    pieces.push(characters.slice(from, start).join(''), characters.slice(start, end).join(''))
    from = end
  }
  return [...pieces, characters.slice(from).join('')]
}
