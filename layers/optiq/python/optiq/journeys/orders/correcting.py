"""What refunds, cancellations and updates do to an order, and which of them change nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from optiq.journeys.order_contracts import Refusal
from optiq.journeys.orders.lines import OrderLines
from optiq.journeys.orders.reports import Report


@dataclass(frozen=True, slots=True)
class Applied:
    """A correction, and why it changes nothing (`refusal`), if so."""

    report: Report
    refusal: Refusal


def corrected(
    gross: int | None, currency: str, reports: Sequence[Report], corrections: Sequence[Report], strangers: set[str]
) -> tuple[tuple[Applied, ...], int]:
    """The corrections of an order, oldest first, and what they leave of it.

    Args:
        gross: what its reports say it is worth; None where they say nothing.
        reports: those that are believed, the first first: servers', else pages'.
        strangers: the corrections that name somebody else than the buyer.
    """
    ordered = sorted(corrections, key=attrgetter("order"))
    verified = any(one.from_server for one in (*reports, *corrections))
    refusals: dict[str, Refusal] = {}
    for one in ordered:
        unverified = (verified or one.event_id in strangers) and not one.from_server
        of_draft = one.correction == "UPDATE" and gross is not None and one.order < reports[0].order
        refusals[one.event_id] = (
            "UNVERIFIED" if unverified else _refusal(one, currency) or ("EARLIER" if of_draft else "")
        )
    updates = [one for one in ordered if one.correction == "UPDATE" and refusals[one.event_id] in ("", "EARLIER")]
    lines = OrderLines(gross, reports, updates)
    refunds: dict[str, int | None] = {}
    for one in ordered:
        if one.correction == "REFUND":
            refunded = refunds[one.event_id] = lines.refunded(one)
            refusals[one.event_id] = refusals[one.event_id] or _refusal_of_refund(one, refunded)
        elif one.correction == "UPDATE" and not refusals[one.event_id]:
            lines.begin_anew(one)
    for event_id in _repeated([one for one in ordered if not refusals[one.event_id]], refunds):
        refusals[event_id] = "REPEATED"
    left, lines = gross or 0, OrderLines(gross, reports, updates)
    applied: list[Applied] = []
    for one in ordered:
        refusal = refusals[one.event_id]
        if not refusal:
            off = lines.take_back(one) if one.correction == "REFUND" else None
            if one.correction != "UPDATE" and (not left or off == 0):
                refusal = "NOTHING_LEFT"
            elif one.correction == "UPDATE":
                left = max(0, one.value_micros or 0)
                lines.begin_anew(one)
            else:
                # A cancellation, and a refund without an amount, take everything.
                left = 0 if off is None else max(0, left - off)
        applied.append(Applied(one, refusal))
    return tuple(applied), left


def _refusal(correction: Report, currency: str) -> Refusal:
    """Why a correction of an order in a currency changes nothing, whatever else there is."""
    if correction.correction == "CANCEL":
        return ""
    priced = correction.value_micros is not None or any(one.price_micros is not None for one in correction.products)
    if priced and correction.currency not in ("", currency):
        return "CURRENCY"
    return "NO_VALUE" if correction.correction == "UPDATE" and correction.value_micros is None else ""


def _refusal_of_refund(refund: Report, refunded: int | None) -> Refusal:
    if refunded == 0:
        return "NO_VALUE"
    return "NO_PRICE" if refund.products and refunded is None else ""


def _repeated(corrections: Sequence[Report], refunds: Mapping[str, int | None]) -> set[str]:
    """The events that report a refund which another reports too: the same refund again, page and server, two tools.

    A refund's own id says which it is. Refunds of one amount from one source are several; the same amount from another
    source is the same refund. Of equally many from two sources the earliest count.
    """
    repeated: set[str] = set()
    known: set[str] = set()
    sources: dict[int | None, dict[tuple[str, bool], list[str]]] = defaultdict(lambda: defaultdict(list))
    for report in corrections:
        if report.correction != "REFUND":
            continue
        if report.refund_id and report.refund_id in known:
            repeated.add(report.event_id)
            continue
        known.add(report.refund_id)
        sources[refunds[report.event_id]][report.name, report.from_server].append(report.event_id)
    counted = {event_id for of_amount in sources.values() for event_id in max(of_amount.values(), key=len)}
    return repeated | {event_id for a in sources.values() for of in a.values() for event_id in of} - counted
