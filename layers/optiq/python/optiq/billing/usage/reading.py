"""Counted usage, as it is read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from optiq.billing import keys
from optiq.billing.usage.records import SHARD_USAGE, ShardUsage
from optiq.kernel.clock import DAY_MS, HOUR_MS, day_number, utc_day
from optiq.kernel.records import entity_in
from optiq.kernel.table import table_outages


@dataclass(frozen=True, slots=True)
class HourOfToken:
    """Events of a UTC hour that came to a site by an ingestion token, or by public keys where it is ""."""

    hour_ms: int
    site_id: str
    token_id: str
    events: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Events of whole UTC hours, by the instant that each begins at. What has none is absent."""

    hours: Mapping[int, int]
    sites: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)

    @property
    def events(self) -> int:
        return sum(self.hours.values())


Days = Sequence[tuple[int, ShardUsage]]
"""What each shard brought on UTC days, each with the instant that its day begins at."""


def hours_of(organization_id: str, from_ms: int, until_ms: int) -> list[HourOfToken]:
    """What was counted in the hours that begin from one instant to before another. One query."""
    return hours_in(days_of(organization_id, from_ms, until_ms), from_ms, until_ms)


def hours_in(days: Days, from_ms: int, until_ms: int) -> list[HourOfToken]:
    """As `hours_of`, of days that were read."""
    return [one for one in _all_of_days(days) if from_ms <= one.hour_ms < until_ms]


def counted(found: list[HourOfToken], from_ms: int, until_ms: int) -> Counted:
    """The sums of those of some hours; all three have the same total."""
    hours, sites, tokens = Counter[int](), Counter[str](), Counter[str]()
    for one in found:
        if from_ms <= one.hour_ms < until_ms:
            hours[one.hour_ms] += one.events
            sites[one.site_id] += one.events
            tokens[one.token_id] += one.events
    return Counted(hours, sites, tokens)


def days_of(organization_id: str, from_ms: int, until_ms: int) -> Days:
    """The days from that of one instant to that before another. One query."""
    partition = keys.usage_partition(organization_id)
    first, last = f"EVENTS#{utc_day(from_ms)}", f"EVENTS#{utc_day(until_ms - 1)}#~"
    with table_outages():
        found = list(SHARD_USAGE.query(partition, SHARD_USAGE.sk.between(first, last), consistent_read=True))
    return [(day_number(one.sk.split("#")[1]) * DAY_MS, entity_in(ShardUsage, one)) for one in found]


def _all_of_days(days: Days) -> Iterator[HourOfToken]:
    for day_ms, item in days:
        for site_id, tokens in item.sites.items():
            for token_id, hours in tokens.items():
                for hour, events in enumerate(hours):
                    if events:
                        yield HourOfToken(day_ms + hour * HOUR_MS, site_id, token_id, events)
