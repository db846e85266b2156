"""The words of a list's address, the same for pages and REST: `?q=&by=&cursor=&page_size=`."""

from django.http import QueryDict

FILTERS = ("q", "by")
PLACE = ("cursor", "page_size")


def given(query: QueryDict, names: tuple[str, ...] = FILTERS + PLACE) -> dict[str, str]:
    """Those of the words that were given, as the domain's arguments."""
    return {name: str(query[name]) for name in names if query.get(name)}
