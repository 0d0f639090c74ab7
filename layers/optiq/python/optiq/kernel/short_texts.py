"""A cache for answers about texts that strangers choose."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_LONGEST = 500


def cached_when_short(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keeps the answers to the latest calls, but none with a text above 500 characters.

    Whoever sends texts of 60,000 characters would fill a cache that counts its entries with gigabytes.
    """

    def cached(function: Callable[P, R]) -> Callable[P, R]:
        kept = lru_cache(maxsize)(function)

        @wraps(function)
        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            for value in args:
                if isinstance(value, str) and len(value) > _LONGEST:
                    return function(*args, **kwargs)
            return kept(*args, **kwargs)  # type: ignore[arg-type]  # mypy cannot tell that they can be hashed

        return answer

    return cached
