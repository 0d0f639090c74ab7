"""How much of a quota is used, as headers of the Graph API say it: JSON with percentages, and minutes to wait."""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Literal

from optiq.ads.platforms.asking import Answered
from optiq.ads.platforms.reported import Json, Usage

_OF_BUSINESS = "x-business-use-case-usage"
_OF_APP = "x-app-usage"
_OF_ACCOUNT = "x-ad-account-usage"
_OF_INSIGHTS = "x-fb-ads-insights-throttle"
_SHARES = ("call_count", "total_cputime", "total_time", "acc_id_util_pct")
_MINUTE_SECONDS = 60


def usage_of(answered: Answered) -> Usage | None:
    """The worst that an answer says; None where it says nothing that can be read."""
    return worst(*_said(answered))


def worst(*usages: Usage | None) -> Usage | None:
    """The one to heed: the longest wait, then the quota nearest to its end."""
    known = [one for one in usages if one]
    return max(known, key=lambda one: (one.wait_seconds, one.percent), default=None)


def _said(answered: Answered) -> Iterator[Usage]:
    for of_id in _object(answered, _OF_BUSINESS).values():
        for one in of_id if isinstance(of_id, list) else ():
            wait_seconds = _whole(one, "estimated_time_to_regain_access") * _MINUTE_SECONDS
            yield Usage(_share(one), wait_seconds)
    yield from (Usage(_share(found)) for found in [_object(answered, _OF_ACCOUNT)] if found)
    yield from (Usage(_share(found), scope="APP") for found in [_object(answered, _OF_APP)] if found)
    if insights := _object(answered, _OF_INSIGHTS):
        scopes: tuple[tuple[str, Literal["ACCOUNT", "APP"]], ...] = (
            ("acc_id_util_pct", "ACCOUNT"),
            ("app_id_util_pct", "APP"),
        )
        yield from (Usage(_whole(insights, name), scope=scope) for name, scope in scopes)


def _object(answered: Answered, header: str) -> dict[str, Json]:
    try:
        found = json.loads(answered.headers.get(header, "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _share(one: Json) -> int:
    return max(_whole(one, name) for name in _SHARES)


def _whole(one: Json, name: str) -> int:
    """A percentage or minutes; a header that cannot be read is no reason to stop."""
    try:
        return int(Decimal(str(one.get(name, 0)))) if isinstance(one, dict) else 0
    except (InvalidOperation, ValueError, OverflowError):
        return 0
