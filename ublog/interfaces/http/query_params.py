"""The words of a list's address, the same for pages and REST: `?q=&author=&cursor=&page_size=`."""

from django.http import QueryDict

FILTER_PARAMS = ("q", "author")
PAGE_PARAMS = ("cursor", "page_size")


def list_params(
    query: QueryDict, names: tuple[str, ...] = FILTER_PARAMS + PAGE_PARAMS
) -> dict[str, str]:
    """Those of the words that were given, as the domain's arguments."""
    return {name: str(query[name]) for name in names if query.get(name)}
