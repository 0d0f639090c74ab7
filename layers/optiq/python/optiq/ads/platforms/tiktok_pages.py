"""TikTok's lists, page by page. Pages are no snapshot: what comes or goes meanwhile moves the rest between them."""

from collections.abc import Callable, Mapping

from optiq.ads.platforms.reported import Json
from optiq.ads.platforms.verdicts import MovedPagesError

PAGE_ROWS = 1_000
_TRIES = 4
"""The first, and three restarts."""

Get = Callable[[str, Mapping[str, str]], Json]
"""The `data` of what a path answers to a query."""


def whole(get: Get, path: str, query: Mapping[str, str]) -> list[Json]:
    """All that a list has.

    Raises MovedPagesError when one page counts otherwise than the first, or when together they have another number of
    entries than they count.
    """
    first = _page(get, path, query, 1)
    info, found = first["page_info"], list(first["list"])
    for number in range(2, int(info["total_page"]) + 1):
        page = _page(get, path, query, number)
        if page["page_info"]["total_number"] != info["total_number"]:
            raise MovedPagesError
        found += page["list"]
    if len(found) != int(info["total_number"]):
        raise MovedPagesError
    return found


def whole_in_the_end(get: Get, path: str, query: Mapping[str, str]) -> list[Json]:
    """As `whole`, from the beginning again where the pages moved, a few times."""
    for _ in range(_TRIES - 1):
        try:
            return whole(get, path, query)
        except MovedPagesError:
            continue
    return whole(get, path, query)


def _page(get: Get, path: str, query: Mapping[str, str], number: int) -> Json:
    return get(path, {**query, "page": str(number), "page_size": str(PAGE_ROWS)})
