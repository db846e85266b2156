"""Where a text has what was searched for, so that pages can mark it. `lib/matches.ts` of the app
does the same."""

from functools import lru_cache

from ublog.core.text import fold_for_search

# A folded character, by itself: lists of texts have the same ones again and again.
fold_character = lru_cache(maxsize=4096)(fold_for_search)


def split_at_matches(text: str, searched: str) -> list[str]:
    """Return the text in pieces, of which every second is what was searched for.

    It folds character by character, so a match across characters that only fold together, which
    are rare, is not found.
    """
    wanted = fold_for_search(searched.strip())
    folded = [fold_character(character) for character in text]
    # For each character of the folded text, which one of the text it comes from.
    origins = [at for at, characters in enumerate(folded) for _ in characters]
    whole, pieces, start, at = "".join(folded), [], 0, -1
    while wanted and (at := whole.find(wanted, at + 1 if at < 0 else at)) >= 0:
        first, last = max(origins[at], start), origins[at + len(wanted) - 1] + 1
        pieces += [text[start:first], text[first:last]]
        start, at = last, at + len(wanted)
    return [*pieces, text[start:]]
