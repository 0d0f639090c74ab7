"""Sums of rollups by the one key of an overview's rows, and what ratios with costs are made of."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from optiq.kernel.clock import each_day, parse_day
from optiq.reports.costs.accounts import Costs
from optiq.reports.questions.asked import Asked
from optiq.reports.questions.catalogue import BUCKETS, UNREAD, name_in_ratios
from optiq.reports.questions.rows import Sums, first_of
from optiq.reports.rollups.parts import ADS
from optiq.reports.rollups.reading import Rollups


def sums_of(asked: Asked, read: Rollups, *, cut: bool = False) -> Sums:
    """By an interval, a dimension, or none for the total.

    Ratios leave out the days that are not whole. Where days of an account were never read, the sums tell (UNREAD); of
    campaigns they do not, because rollups have no accounts.
    """
    out = replace(asked.part, days=read.days).days_out_of_ratios
    sums = _sums(asked, read, cut, ())
    whole = _sums(asked, read, cut, out) if out else sums
    found: Sums = {}
    for keys, values in sums.items():
        in_ratios = {name_in_ratios(name): whole.get(keys, {}).get(name, 0) for name in values}
        found[keys] = values | in_ratios
    # A day has a row in a series, whatever was counted on it.
    has_row = bool(asked.keys) and asked.keys[0] in BUCKETS
    for keys in _unread(asked, read):
        if has_row or keys in found:
            found.setdefault(keys, {})[UNREAD] = 1
    return found


def _sums(asked: Asked, read: Rollups, cut: bool, without: Collection[str]) -> Sums:
    if not asked.keys:
        return {(): read.sums("", cut=cut, without=without).get("", {})}
    if asked.keys[0] not in BUCKETS:
        return {(value,): sums for value, sums in read.sums(asked.keys[0], cut=cut, without=without).items()}
    found: Sums = {}
    for day, sums in read.by_day(cut=cut).items():
        added = found.setdefault((_bucket(asked, day),), {})
        for name, number in sums.items() if day not in without else ():
            added[name] = (added.get(name) or 0) + (number or 0)
    return found


def _bucket(asked: Asked, day: str) -> str:
    return first_of(asked.part.bucket, parse_day(day)).isoformat()


def _unread(asked: Asked, read: Rollups) -> Iterator[tuple[str, ...]]:
    """The keys of rows that lack costs."""
    for day, channel in _unread_channels(asked.part.costs, read):
        if not asked.keys:
            yield ()
        elif asked.keys[0] in BUCKETS:
            yield (_bucket(asked, day),)
        elif asked.keys[0] == "channel":
            yield (channel,)


def _unread_channels(costs: Costs, read: Rollups) -> Iterator[tuple[str, str]]:
    """Days and channels without the costs of an account that nobody read, unless they were sent by hand."""
    for gap in costs.gaps(read.days):
        for channel in costs.channels_of(gap.platform, gap.account):
            for each in each_day(parse_day(gap.first), parse_day(gap.last)):
                day = each.isoformat()
                spent = channel in read.parts.get(ADS, {}).get(day, {}).get("channel", {})
                if not spent or _is_read(costs, channel, day):
                    yield day, channel


def _is_read(costs: Costs, channel: str, day: str) -> bool:
    """Whether costs of a channel's day are of a connected account."""
    return any(
        first <= day <= last
        for one in costs.accounts
        if channel in costs.channels_of(one.platform, one.account)
        for first, last in one.read
    )
