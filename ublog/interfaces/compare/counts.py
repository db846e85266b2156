"""What each style takes: the code of an operation, and the lines of all that it needs.

What several interfaces of one protocol need, such as forms, counts for each of them. What
interfaces of several protocols need is no part of a style.
"""

from collections import Counter
from functools import cache

from ublog.interfaces.compare.code import (
    Definition,
    count,
    names,
    needed,
    parsed,
    source,
)
from ublog.interfaces.compare.operations import INTERFACES, PAGES, PLACES, REST, Verb

PROTOCOLS = (PAGES, REST, ("graphql",))


def code(verb: Verb, interface: str) -> str:
    """Return the code of an operation in the file of an interface."""
    path = INTERFACES[interface].path
    return "\n\n".join(source(path, name) for name in PLACES[verb][interface])


def besides(verb: Verb, interface: str) -> list[Definition]:
    """Return what an operation needs besides its own code, in its file and elsewhere."""
    found = needed(INTERFACES[interface].path, PLACES[verb][interface])
    return sorted(found - shared())


@cache
def shared() -> set[Definition]:
    """Return what interfaces of more than one protocol need."""
    seen = Counter(
        definition
        for protocol in PROTOCOLS
        for definition in set().union(*(everything(interface) for interface in protocol))
    )
    return {definition for definition, number in seen.items() if number > 1}


def everything(interface: str) -> set[Definition]:
    """Return what the whole file of an interface defines and needs."""
    path = INTERFACES[interface].path
    own = {name for node in parsed(path)[1].body for name in names(node)}
    return needed(path, own) | {Definition(path, name) for name in own}


def elsewhere(interface: str) -> list[Definition]:
    """Return what an interface needs in other files, and no other protocol does."""
    found = everything(interface) - shared()
    return sorted(one for one in found if one.path != INTERFACES[interface].path)


@cache
def lines(verb: Verb, interface: str) -> tuple[int, int]:
    """Return the lines of an operation with all that it needs, and those of its own code."""
    own = count(code(verb, interface))
    return own + sum(one.lines() for one in besides(verb, interface)), own
