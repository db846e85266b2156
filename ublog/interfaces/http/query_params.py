"""The query parameters of lists, equal for pages and REST: `?q=&author=&cursor=&page_size=`."""

from typing import cast

from django.http import QueryDict

from ublog.blog.querysets import PostFilters
from ublog.core.cursors import PageRequest

FILTER_PARAMS = tuple(PostFilters.__annotations__)
PAGE_PARAMS = ("cursor", "page_size")


def list_params(
    query: QueryDict, names: tuple[str, ...] = FILTER_PARAMS + PAGE_PARAMS
) -> dict[str, str]:
    """Return those of the parameters that are present, as keyword arguments for the domain."""
    return {name: str(query[name]) for name in names if query.get(name)}


def page_params(query: QueryDict) -> PageRequest:
    """Return those parameters of pages that are present."""
    return cast(PageRequest, list_params(query, PAGE_PARAMS))
