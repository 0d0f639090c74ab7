"""Billing periods, and the hours that usage of one is counted in."""

from dataclasses import dataclass

from optiq.billing.months import period_at
from optiq.billing.plans.contracts import Interval
from optiq.kernel.clock import HOUR_MS

MONTHS: dict[Interval, int] = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """From `start_ms`, up to and without `end_ms`."""

    start_ms: int
    end_ms: int

    @property
    def hours(self) -> tuple[int, int]:
        """The whole UTC hours that usage of this period is counted in: instants of the first, and behind the last.

        The hour that a bound cuts is of the period that begins in it.
        """
        return _hour(self.start_ms), _hour(self.end_ms)

    def has_usage_of(self, received_ms: int) -> bool:
        """Whether an event that was received then is counted in this period."""
        first, behind = self.hours
        return first <= received_ms < behind


def billing_period(anchor_ms: int, interval: Interval, at_ms: int) -> Period:
    """The period that an instant is in."""
    return Period(*period_at(anchor_ms, at_ms, MONTHS[interval]))


def calendar_month(at_ms: int) -> Period:
    """The calendar's month in UTC that an instant is in."""
    return billing_period(0, "month", at_ms)


def last_second_of_hour(at_ms: int) -> int:
    """The Unix second that an hour's usage is reported with: the last one of the hour."""
    return (_hour(at_ms) + HOUR_MS) // 1000 - 1


def _hour(at_ms: int) -> int:
    return at_ms - at_ms % HOUR_MS
