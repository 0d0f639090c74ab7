"""A site whose days are set by the test, watched by rules, and swept as its clock goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from optiq.alerts.judging.contracts import DayValues
from optiq.alerts.lifecycle import api as lifecycle
from optiq.alerts.lifecycle.contracts import Alert
from optiq.alerts.rules import api as rules
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping import api as sweeping
from optiq.alerts.sweeping.measuring import Measured, Scope
from optiq.events.contracts import Event
from optiq.kernel.clock import HOUR_MS, day_bounds, parse_timezone
from optiq.reports.questions.contracts import Ask, Row
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

from tests.functional.subscribers import waiting_events
from tests.functional.tenancy.organizations import Company

TUESDAY = date(2026, 11, 24)


@dataclass
class Watched:
    """
    Attributes:
        values: numbers by day and metric. now_ms: what the clock says.
        late_ms: so far the counting is behind.
        events: how many came in each hour of the site.
        reads: the scopes that were read.
    """

    company: Company
    timezone: str = "UTC"
    values: dict[date, dict[str, float | None]] = field(default_factory=dict)
    now_ms: int = 0
    late_ms: int = 0
    events: dict[datetime, int] = field(default_factory=dict)
    reads: list[Scope] = field(default_factory=list)

    def __post_init__(self) -> None:
        by = tenancy.operator(self.company.organization_id)
        site = tenancy.add_site(by, name="Shop", domains=["shop.example"])
        self.site: Site = tenancy.change_site(by, site.site_id, {"timezone": self.timezone})
        self.at(TUESDAY + timedelta(days=1), hours=1)

    @property
    def site_id(self) -> str:
        return self.site.site_id

    @property
    def zone(self) -> ZoneInfo:
        return parse_timezone(self.timezone)

    @property
    def caller(self) -> Any:
        return self.company.actor("MEMBER")

    def at(self, day: date, hours: float = 0.0) -> None:
        """The clock says so many hours after the beginning of a day of the site."""
        self.now_ms = day_bounds(day, day, parse_timezone(self.timezone))[0] + round(hours * HOUR_MS)

    def history(self, *weeks: int, last: date = TUESDAY - timedelta(days=1), **usual: tuple[float, float]) -> None:
        """Whole weeks up to a day, each metric with its workday and its weekend."""
        (count,) = weeks
        for back in range(7 * count):
            day = last - timedelta(days=back)
            found = {name: pair[day.weekday() > 4] for name, pair in usual.items()}
            self.values[day] = {**self.values.get(day, {}), **found}

    def on(self, day: date, **values: float | None) -> None:
        self.values[day] = {**self.values.get(day, {}), **values}

    def measure(
        self, _caller: object, _site: object, scope: Scope, metrics: Sequence[str], last: date, now_ms: int
    ) -> Measured:
        """In place of reading the lake."""
        self.reads.append(scope)
        first = min(self.values)
        days = tuple(
            DayValues(day, {name: self.values.get(day, {}).get(name, 0.0) for name in metrics})
            for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
        )
        return Measured(days, now_ms - self.late_ms)

    def hours(
        self, *, weeks: int, events: int, until: tuple[date, int] | None = None, but: Sequence[tuple[date, int]] = ()
    ) -> None:
        """So many events came in each hour of some weeks until an hour of a day, or until now, but in some."""
        if until is None:
            zone = parse_timezone(self.timezone)
            end = datetime.fromtimestamp(self.now_ms // 1000, zone).replace(tzinfo=None, minute=0, second=0)
        else:
            end = _hour(until)
        count = weeks * 7 * 24
        left_out = set(map(_hour, but))
        every = (end - timedelta(hours=back) for back in range(1, count + 1))
        self.events = {hour: events for hour in every if hour not in left_out}

    def ask(self, _caller: object, _site_id: str, question: Ask, *, clock: Callable[[], int]) -> Any:
        """In place of asking the lake for the events of hours."""
        first, last = map(date.fromisoformat, question.period.split(".."))
        rows = [
            Row((hour.isoformat(timespec="minutes"),), (count,))
            for hour, count in self.events.items()
            if first <= hour.date() <= last
        ]
        return SimpleNamespace(rows=rows, data_until_ms=clock() - self.late_ms)

    def rule(self, kind: Any = "CONVERSION_DROP", **settings: Any) -> Rule:
        wanted = {"percent": 30} if kind in ("CONVERSION_DROP", "CPA_SPIKE", "ROAS_DROP") else {}
        return rules.create_rule(self.caller, self.site_id, **{"name": kind, "kind": kind} | wanted | settings)

    def sweep(self) -> int:
        return sweeping.sweep_site(self.company.organization_id, self.site_id, lambda: self.now_ms)

    def go_on(self, day: date, **values: float | None) -> int:
        """A day of the site has these numbers and is over: an hour after it, all rules are judged."""
        self.on(day, **values)
        self.at(day + timedelta(days=1), hours=1)
        return self.sweep()

    @property
    def alerts(self) -> list[Alert]:
        return list(lifecycle.list_alerts(self.caller, self.site_id).items)

    @property
    def alert(self) -> Alert:
        (one,) = self.alerts
        return one

    def state(self, rule: Rule) -> Any:
        return sweeping.states_of(self.company.organization_id, self.site_id)[rule.rule_id]

    def noticed(self) -> list[Event]:
        """The events about this site's alerts that wait to be handed on, the oldest first."""
        waiting = waiting_events(self.company.organization_id, "AlertNoticed")
        return [one for one in waiting if one.data["site_id"] == self.site_id]

    @property
    def notices(self) -> list[str]:
        return [one.data["notice"] for one in self.noticed()]


def _hour(of: tuple[date, int]) -> datetime:
    day, hour = of
    return datetime.combine(day, time()) + timedelta(hours=hour)
