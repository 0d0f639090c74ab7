"""Which events a report on behaviour is of, and how its answer is kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import TypeAdapter

from optiq.journeys.lake import PEOPLE
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, Clock, day_of, parse_timezone, utc_day
from optiq.ports import wiring
from optiq.ports.lake_days import ALL
from optiq.ports.query import Result
from optiq.reports.answers import Wanted, give
from optiq.reports.behaviour.contracts import Matcher
from optiq.reports.domain import DayRange
from optiq.reports.lake import STEPS
from optiq.reports.missing import damaged_files
from optiq.reports.questions.catalogue import DIMENSIONS
from optiq.reports.questions.contracts import Days, Frame, Framed, Note
from optiq.reports.questions.filters import Filters, check_filters, condition
from optiq.reports.questions.naming import Names
from optiq.reports.questions.notes import incomplete_days, of_damaged, of_nothing, of_properties
from optiq.reports.questions.periods import period_days
from optiq.reports.questions.segments import with_segments
from optiq.reports.questions.wrong import wrong
from optiq.reports.statements import Sql
from optiq.reports.steps.rows_sql import rows_of_people
from optiq.reports.steps.watermark import complete_until, damaged_sources
from optiq.tenancy import api as tenancy

_FORM = 1
"""Grows when the same question gets another answer of the same files."""
_FIRST_DAY = "1971-01-01"
_LONGEST_NAME = 200
T = TypeVar("T", bound=Framed)


@dataclass(frozen=True, slots=True)
class Scope:
    """A site's events.

    Attributes:
        until_ms: what came in until then is in `steps`.
        version: of the site's settings.
        names: of the site.
    """

    caller: Caller
    site_id: str
    days: DayRange
    filters: Filters
    until_ms: int
    version: int
    names: Names

    def rows(self, columns: Sequence[str], start_ms: int | None, end_ms: int) -> Sql:
        """Events of [start, end), from the beginning for None: columns, the unit's, t, turn, event_id and person_id."""
        first = _FIRST_DAY if start_ms is None else utc_day(max(start_ms, 0))
        own = ("customer_id", "session_id", "t", "turn", "event_id", *columns, *columns_of(Matcher("", self.filters)))
        rows = rows_of_people(self.site_id, (first, utc_day(end_ms - 1)), own, self.names.properties)
        wanted = condition(self.filters, "events")
        sql = f"SELECT * FROM ({rows.sql}) AS rows_of_people WHERE t < {end_ms} AND {wanted.sql}"  # noqa: S608 - as above
        if start_ms is not None:
            sql += f" AND t >= {start_ms}"
        return Sql(sql, (*rows.parameters, *wanted.parameters))

    def own(self, matcher: Matcher) -> Matcher:
        """A matcher with dimensions as statements name them. Raises InvalidError."""
        return replace(matcher, filters=self.names.filters(matcher.filters))

    def column_of(self, field: str, dimension: str) -> str:
        """The column of a dimension of events. Raises InvalidError that names the field."""
        found = DIMENSIONS[self.names.dimension(field, dimension)].columns
        if "events" not in found:
            known = [one.name for one in self.names.catalogue.dimensions.values() if "events" in one.columns]
            raise wrong(field, f"'{dimension[:40]}' is unknown; use one of {', '.join(known)}")
        return found["events"]

    def run(self, sql: Sql) -> Result:
        return wiring.query().run(sql.sql, self.caller.organization_id, sql.parameters)

    def frame(self) -> Frame:
        days = self.days
        incomplete = incomplete_days(days, self.until_ms)
        return Frame(str(days.timezone), Days.of(days), self.until_ms, incomplete, tuple(_notes(self)))


def scope_of(
    caller: Caller, site_id: str, period: str, filters: Filters, now_ms: int, segments: Sequence[str] = ()
) -> Scope:
    """
    Raises:
        NotFoundError: there is no such site. InvalidError: a period or filter that cannot be.
    """
    site = tenancy.get_site(caller.organization_id, site_id)
    timezone = parse_timezone(site.timezone)
    names = Names(site)
    filters = names.filters(with_segments(caller, site_id, filters, segments))
    check_filters(filters)
    condition(filters, "events")
    days = period_days(period, day_of(now_ms, timezone), timezone)
    return Scope(caller, site_id, days, filters, complete_until(caller.organization_id), site.version, names)


def kept(
    scope: Scope,
    ask: object,
    read: tuple[str, str],
    kind: TypeAdapter[T],
    compute: Callable[[], T],
    clock: Clock,
    *,
    first: Matcher | None = None,
) -> T:
    """The answer to `ask` in its frame, kept or computed of these UTC days; `first` is what it begins with."""
    # Attempts go on while nothing comes in.
    depends_on = (_FORM, ask, scope.filters, scope.days, scope.version, scope.until_ms // HOUR_MS)
    wanted = Wanted(
        scope.caller.organization_id,
        scope.site_id,
        repr(depends_on),
        {STEPS.name: read, PEOPLE.name: ALL},
        kind,
        compute,
    )
    value, frame = give(wanted, clock).value, scope.frame()
    if value.is_empty:
        filters = (*scope.filters, *(first.filters if first else ()))
        frame = replace(frame, notes=(*frame.notes, *of_nothing(filters)))
    return replace(value, frame=frame)


def _notes(scope: Scope) -> Iterator[Note]:
    organization_id, read = scope.caller.organization_id, scope.days.utc_days
    damaged = [*damaged_files(organization_id, {STEPS.name: read}), *damaged_sources(organization_id, *read)]
    yield from of_damaged(damaged)
    yield from of_properties(scope.names)


def matching(field: str, matcher: Matcher) -> Sql:
    """The condition of a matcher over rows of `steps`. Raises InvalidError that names the field."""
    if len(matcher.event) > _LONGEST_NAME:
        raise wrong(field, f"event: use at most {_LONGEST_NAME} characters")
    check_filters(matcher.filters)
    filtered = condition(matcher.filters, "events")
    if not matcher.event:
        return filtered
    return Sql(f"name = ? AND {filtered.sql}", (matcher.event, *filtered.parameters))


def columns_of(*matchers: Matcher) -> tuple[str, ...]:
    """The columns that matchers name."""
    flat = [one for matcher in matchers for group in matcher.filters for one in group]
    return ("name", *dict.fromkeys(DIMENSIONS[one.dimension].columns["events"] for one in flat))
