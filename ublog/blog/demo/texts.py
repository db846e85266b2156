"""Names and short texts in several languages, by a small grammar: its rules are phrases.toml."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

SLOT = re.compile(r"\{(\w+)(:cap)?\}")
Rules = dict[str, list[str]]


@dataclass(frozen=True)
class Language:
    """One language's rules; a rule is a list of ways to say something."""

    rules: Rules

    def say(self, rule: str, rng: Random) -> str:
        """Any way of that rule, its slots filled; `{thing:cap}` begins with a capital."""

        def fill(slot: re.Match[str]) -> str:
            text = self.say(slot[1], rng)
            return text[:1].upper() + text[1:] if slot[2] else text

        return SLOT.sub(fill, rng.choice(self.rules[rule]))

    def person(self, number: int) -> tuple[str, str]:
        """Username and display name of this language's person of that number, no two the same.

        The first few go by their given name alone, the next by both, the rest with a number.
        """
        givens, families = self.rules["given"], self.rules["family"]
        row, column = divmod(number, len(givens))
        lap, row = divmod(row, len(families))
        given, shown_given = givens[column].split(": ")
        family, shown_family = families[(row + column) % len(families)].split(": ")
        username = given if number == column else f"{given}_{family}{lap or ''}"
        name = self.rules["name"][0].format(given=shown_given, family=shown_family)
        return username, name


def languages() -> list[Language]:
    """All languages of phrases.toml, English first."""
    rules = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
    common = rules.pop("all")
    return [Language({**common, **own}) for own in rules.values()]
