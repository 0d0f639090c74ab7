"""What a plan grants: credits at the start of each month, of which some last a month longer."""

from dataclasses import replace

from optiq.billing.ledger.commands import ChangePlan, PayPlan, StartPlan
from optiq.billing.ledger.contracts import AVAILABLE, EXPIRED, Source, Terms
from optiq.billing.ledger.draft import Draft
from optiq.billing.months import period_at
from optiq.kernel.clock import SECOND_MS

_MONTHLY = ("PLAN", "ROLLOVER")


def period_end(terms: Terms, period_ms: int) -> int:
    """When the month ends that begins at an instant."""
    return period_at(terms.anchor_ms, period_ms)[1]


def boundary_of(draft: Draft) -> int | None:
    """When the next month has to begin; None while that would change nothing."""
    terms = draft.terms
    if terms is None:
        return None
    end_ms = period_end(terms, draft.period_ms)
    grants = terms.credits > 0 and (terms.paid_until_ms is None or end_ms < terms.paid_until_ms)
    return end_ms if grants or any(lot.kind in _MONTHLY for lot in draft.lots) else None


def skip_empty_months(draft: Draft) -> None:
    """Goes on to the present month where none between grants or ends anything."""
    if draft.terms and boundary_of(draft) is None:
        draft.period_ms = max(draft.period_ms, period_at(draft.terms.anchor_ms, draft.now_ms)[0])


def begin_month(draft: Draft, at_ms: int) -> None:
    """At a boundary: the rest of the month before rolls over or expires, then the month's credits are granted."""
    draft.period_ms = at_ms
    _roll_over(draft, draft.terms.max_rollover if draft.terms else 0, at_ms)
    _allot(draft, due_ms=at_ms)


def start(draft: Draft, command: StartPlan) -> None:
    terms, old = command.terms, draft.terms
    if old and (old.plan, old.anchor_ms) == (terms.plan, terms.anchor_ms):
        return
    draft.terms = terms
    draft.period_ms = period_at(terms.anchor_ms, max(draft.now_ms, terms.anchor_ms))[0]
    _roll_over(draft, min(terms.max_rollover, old.max_rollover if old else 0), None)
    _allot(draft)


def change(draft: Draft, command: ChangePlan) -> None:
    """More credits are granted at once, for the part of the month that is left."""
    old = draft.terms
    if old is None:
        return
    draft.terms = replace(old, plan=command.plan, credits=command.credits, max_rollover=command.max_rollover)
    # The month's credits are granted once, whatever the plan is called.
    if old.plan in draft.allotted:
        draft.allotted[command.plan] = max(draft.allotted[old.plan], draft.allotted.get(command.plan, 0))
    end_ms = period_end(old, draft.period_ms)
    left_s = (end_ms - max(command.at_ms, draft.period_ms)) // SECOND_MS
    period_s = (end_ms - draft.period_ms) // SECOND_MS
    more = (command.credits - old.credits) * max(left_s, 0) // period_s
    if more > 0:
        granted = draft.add("PLAN", more, end_ms, paid=old.paid_until_ms is not None)
        draft.enter("EARN_UPGRADE", command.source, {**granted, "GRANTED.PLAN": -more}, asked=more)


def pay(draft: Draft, command: PayPlan) -> None:
    terms = draft.terms
    if terms is None or terms.paid_until_ms is None:
        return
    draft.terms = replace(terms, paid_until_ms=max(terms.paid_until_ms, command.end_ms))
    if command.start_ms <= draft.period_ms < command.end_ms:
        _allot(draft, credits=command.credits)


def _roll_over(draft: Draft, most: int, due_ms: int | None) -> None:
    """Of the rest of the months before, some last to the end of the present one; the others expire."""
    terms = draft.terms
    monthly = [lot for lot in draft.lots if lot.kind in _MONTHLY]
    if terms is None or not monthly:
        return
    rest = sum(lot.remaining for lot in monthly)
    rolled = min(rest, most)
    draft.lots = [lot for lot in draft.lots if lot.kind not in _MONTHLY]
    if rolled:
        paid = any(lot.paid for lot in monthly)
        draft.add("ROLLOVER", rolled, period_end(terms, draft.period_ms), paid=paid)
    postings = {AVAILABLE: rolled - rest, EXPIRED: rest - rolled}
    draft.enter("ROLLOVER", Source("rollover", str(draft.sequence)), postings, asked=rest - rolled, due_ms=due_ms)


def _allot(draft: Draft, *, credits: int | None = None, due_ms: int | None = None) -> None:  # noqa: A002
    """Grants the present month's credits, once, if it is paid."""
    terms = draft.terms
    if terms is None or draft.allotted.get(terms.plan, -1) >= draft.period_ms:
        return
    if terms.paid_until_ms is not None and draft.period_ms >= terms.paid_until_ms:
        return
    draft.allotted[terms.plan] = draft.period_ms
    amount = terms.credits if credits is None else credits
    if amount:
        paid = terms.paid_until_ms is not None
        granted = draft.add("PLAN", amount, period_end(terms, draft.period_ms), paid=paid)
        source = Source("regeneration", f"{terms.plan}:{draft.period_ms}")
        draft.enter("EARN_REGENERATION", source, {**granted, "GRANTED.PLAN": -amount}, asked=amount, due_ms=due_ms)
