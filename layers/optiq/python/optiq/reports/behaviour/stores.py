"""What is stored of saved funnels, and what came in since: which days of steps and of links are others by now."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from optiq.journeys.lake import PEOPLE
from optiq.kernel.clock import day_bounds, day_of, parse_day, utc_day
from optiq.ports import wiring
from optiq.ports.query import stamp_of
from optiq.reports import keys
from optiq.reports.behaviour.funnel import Funnel
from optiq.reports.behaviour.records import SavedFunnelRecord
from optiq.reports.behaviour.scope import Scope
from optiq.reports.lake import FUNNEL_ATTEMPTS, STEPS

_FORM = 1
"""Grows when the same funnel has other attempts of the same rows."""
_UTC = ZoneInfo("UTC")
_Stamps = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What lay in the lake: stamps of `steps` and `people` by day, and of the funnel's files by month."""

    steps: _Stamps
    people: _Stamps
    files: _Stamps


@dataclass(frozen=True, slots=True)
class Store:
    """The stored attempts of a funnel, and what changed since they were.

    Attributes:
        digest: names the funnel.
        since_ms: attempts that entered since then may be others: of people with an event on one of `days`.
        days: of `steps` that changed. links: days of `people` that did.
    """

    digest: str
    built_ms: int
    since_ms: int | None
    days: tuple[str, ...]
    links: tuple[str, ...]


def may_be_stored(funnel: Funnel) -> bool:
    """Whether attempts can be final one day, and follow from their person's events alone."""
    return funnel.window_ms > 0 and funnel.unit == "person_id"


def digest_of(scope: Scope, funnel: Funnel) -> str:
    """Names everything that attempts depend on, besides the lake."""
    of_site = (scope.site_id, str(scope.days.timezone), sorted(scope.names.properties.items()))
    return stamp_of((_FORM, funnel, scope.filters, of_site))


def month_of(scope: Scope, instant_ms: int) -> str:
    """The partition of an entry: the first day of its month by the site's clock."""
    return day_of(instant_ms, scope.days.timezone).replace(day=1).isoformat()


def seen_now(scope: Scope, digest: str) -> Seen:
    """Raises UpstreamError: the lake does not answer."""
    lake, organization_id = wiring.lake(), scope.caller.organization_id
    people: dict[str, list[tuple[str, str]]] = {}
    for file in lake.files(PEOPLE.name, organization_id):
        people.setdefault(file.day, []).append((file.name, file.stamp))
    return Seen(
        steps={file.day: file.stamp for file in lake.files(STEPS.name, organization_id)},
        people={day: stamp_of(sorted(files)) for day, files in people.items()},
        files={
            file.day: file.stamp for file in lake.files(FUNNEL_ATTEMPTS.name, organization_id) if file.name == digest
        },
    )


def find_store(scope: Scope, funnel: Funnel, first_ms: int, until_ms: int) -> Store | None:
    """The store of a funnel for entries since an instant, of rows until another; None where there is none that can
    be relied on: nothing was stored, or it is damaged, or rows of steps are gone.

    Raises:
        UpstreamError: the lake does not answer.
    """
    digest = digest_of(scope, funnel)
    try:
        record = SavedFunnelRecord.get(*keys.saved_funnel(scope.caller.organization_id, scope.site_id, digest))
    except SavedFunnelRecord.DoesNotExist:
        return None
    then, now = unpacked(record.seen), seen_now(scope, digest)
    first, last = utc_day(first_ms), utc_day(until_ms - 1)
    days = tuple(day for day in _changed(then.steps, now.steps) if first <= day <= last)
    if then.files != now.files or first_ms < record.covered_from_ms or not set(days) <= now.steps.keys():
        return None
    if is_damaged(scope, digest):
        return None
    return Store(digest, int(record.built_ms), _since_ms(scope, funnel, days), days, _changed(then.people, now.people))


def is_damaged(scope: Scope, digest: str) -> bool:
    """Whether answers had to leave out stored attempts of the funnel."""
    damaged = wiring.query().damaged_files(scope.caller.organization_id, [FUNNEL_ATTEMPTS.name])
    return any(digest in file.path for file in damaged)


def _changed(then: _Stamps, now: _Stamps) -> tuple[str, ...]:
    return tuple(sorted(day for day in then.keys() | now.keys() if then.get(day) != now.get(day)))


def _since_ms(scope: Scope, funnel: Funnel, days: Iterable[str]) -> int | None:
    """The beginning of the site's day on which an attempt may have entered that goes on into one of the days."""
    earliest = min(days, default=None)
    if earliest is None:
        return None
    begins_ms, _ = day_bounds(parse_day(earliest), parse_day(earliest), _UTC)
    day = day_of(max(begins_ms - funnel.window_ms, 0), scope.days.timezone)
    return day_bounds(day, day, scope.days.timezone)[0]


def packed(seen: Seen) -> bytes:
    return zlib.compress(json.dumps([seen.steps, seen.people, seen.files], separators=(",", ":")).encode())


def unpacked(packed_seen: bytes) -> Seen:
    return Seen(*json.loads(zlib.decompress(packed_seen)))
