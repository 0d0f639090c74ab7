"""How much of a limit is left, in an answer's headers (draft-ietf-httpapi-ratelimit-headers-10).

Limits on guesses are not sent: their rest would show what others tried.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit of a caller, and what is left of it.

    Attributes:
        name: such as `invitations`.
        units: how many in a window. unit: what they are, where they are no requests.
        reset_seconds: when all of them are there again.
    """

    name: str
    units: int
    window_seconds: int
    left: int
    reset_seconds: int
    unit: str = ""


_NOTED: ContextVar[list[Quota] | None] = ContextVar("noted quotas", default=None)


@contextmanager
def noting() -> Iterator[list[Quota]]:
    """Collects what is noted while a request is answered."""
    noted: list[Quota] = []
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


def note(quota: Quota) -> None:
    """Has the answer to the request of this thread tell it, where there is one."""
    noted = _NOTED.get()
    if noted is not None:
        noted.append(quota)


def headers(quotas: Sequence[Quota]) -> dict[str, str]:
    """`ratelimit-policy` and `ratelimit`, such as `"invitations";q=200;w=3600` and `"invitations";r=199;t=3012`."""
    if not quotas:
        return {}
    return {
        "ratelimit-policy": ", ".join(
            [_policy(each.name, each.units, each.window_seconds, each.unit) for each in quotas]
        ),
        "ratelimit": ", ".join([f'"{each.name}";r={each.left};t={each.reset_seconds}' for each in quotas]),
    }


@lru_cache
def _policy(name: str, units: int, window_seconds: int, unit: str) -> str:
    counted = f';qu="{unit}"' if unit else ""
    return f'"{name}";q={units};w={window_seconds}{counted}'
