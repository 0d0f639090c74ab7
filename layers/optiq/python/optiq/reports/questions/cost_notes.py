"""What a reader of costs has to know: what was not read, is not whole, was counted once, or is of no site."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from optiq.kernel.money import MICROS
from optiq.reports.costs.accounts import Gap
from optiq.reports.questions.asked import Asked
from optiq.reports.questions.catalogue import SHIFTED, SUPERSEDED, is_of_ads, parts_of
from optiq.reports.questions.contracts import Note, Number

_MOST_NAMED = 5


def of_costs(asked: Asked, totals: Mapping[str, Number]) -> Iterator[Note]:
    """`totals` are the sums of the whole answer."""
    if "ads" not in asked.sums:
        return
    costs, days = asked.part.costs, asked.part.days
    yield from of_gaps(costs.gaps(days))
    left_out = asked.part.days_out_of_ratios
    if left_out and any(map(is_of_ads, asked.metrics)):
        yield of_provisional(left_out)
    if superseded := totals.get(SUPERSEDED):
        yield Note(
            "SUPERSEDED",
            f"{superseded / MICROS:,.2f} {asked.part.currency} of costs that were sent by hand are not counted:"
            " connected accounts have the same campaigns on the same days.",
        )
    claims = [part.name for one in asked.metrics for part in parts_of(one) if part.claimed]
    if any(totals.get(name) is None and name in totals for name in claims):
        yield Note(
            "CLAIMS_APART",
            "Claims of several platforms are never added: two may claim the same sale. Break them down by platform.",
        )
    yield from _of_shifted(asked, bool(totals.get(SHIFTED)))
    yield from of_unassigned(costs.unassigned)


def _of_shifted(asked: Asked, whole_days: bool) -> Iterator[Note]:
    shifted = asked.part.costs.shifted(asked.part.days).values()
    named = [f"{one.name} ({one.timezone}, shifted_hours {one.in_hours})" for one in shifted]
    if named and whole_days:
        yield Note(
            "SHIFTED_DAYS",
            "Days of these advertising accounts begin at another hour than the site's, and their costs count on the"
            f" account's own days as far as no hours are known: {_listed(named)}.",
        )
    halved = [one.name for one in shifted if one.splits_hours]
    if halved and not whole_days:
        yield Note(
            "SHIFTED_DAYS",
            f"The site's days begin within an hour of {_listed(halved)}: half of its costs count on each of both days.",
        )


def of_gaps(gaps: Sequence[Gap]) -> Iterator[Note]:
    if not gaps:
        return
    named = [
        f"{name} ({', '.join(_span(one.first, one.last) for one in of_account)})"
        for name, of_account in groupby(gaps, key=lambda one: one.name)
    ]
    yield Note(
        "NOT_READ",
        f"Days of advertising accounts were never synced, so their costs are missing and ratios over them are unknown:"
        f" {_listed(named)}. Sync them in Advertising accounts.",
    )


def of_provisional(days: Sequence[str]) -> Note:
    shown = _span(days[0], days[-1])
    those = "that day" if days[0] == days[-1] else "those days"
    return Note(
        "PROVISIONAL_DAYS",
        f"ROAS, CPA and other ratios leave out {shown}: the ad platforms' numbers of {those} were not complete when"
        " they were synced.",
    )


def of_unassigned(names: Sequence[str]) -> Iterator[Note]:
    if names:
        yield Note(
            "UNASSIGNED",
            f"Costs of these advertising accounts are in no site's reports: {_listed(names)}. Choose their site in"
            " Advertising accounts.",
        )


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
