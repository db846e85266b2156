"""The query parameters of lists, equal for pages and REST: `?q=&author=&cursor=&page_size=`."""

from django.http import QueryDict

from ublog.blog.querysets import PostFilters

FILTER_PARAMS = tuple(PostFilters.__annotations__)
PAGE_PARAMS = ("cursor", "page_size")


def list_params(
    query: QueryDict, names: tuple[str, ...] = FILTER_PARAMS + PAGE_PARAMS
) -> dict[str, str]:
    """Return those of the parameters that are present, as keyword arguments for the domain."""
    return {name: str(query[name]) for name in names if query.get(name)}
