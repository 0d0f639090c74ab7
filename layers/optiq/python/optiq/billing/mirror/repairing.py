"""Compares the mirror with Stripe's lists, and mirrors again what differs. It should find nothing.

A pass goes page by page through the events that our receiver has not taken, all subscriptions, and the invoices of the
last weeks. Its place is kept after each page: a run that is stopped or killed is gone on with by the next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from optiq.billing.gateways.contract import Listing
from optiq.billing.gateways.models import EventModel, InvoiceModel, SubscriptionModel
from optiq.billing.mirror import mapping
from optiq.billing.mirror.contracts import Invoice, Subscription
from optiq.billing.mirror.mirroring import Mirror
from optiq.billing.webhooks.api import MIRRORED
from optiq.kernel.clock import DAY_MS, SECOND_MS, Clock, system_clock

Step = Literal["EVENTS", "SUBSCRIPTIONS", "INVOICES", "DONE"]
_FOLLOWING: dict[Step, Step] = {"EVENTS": "SUBSCRIPTIONS", "SUBSCRIPTIONS": "INVOICES", "INVOICES": "DONE"}
EVENTS_DAYS = 4
"""Stripe tries to deliver an event for three days."""
INVOICES_DAYS = 35
"""An invoice is paid or given up within a month."""
EVERY_MS = DAY_MS - DAY_MS // 24
"""A pass begins so long after the last one began: each night, though a run may come some minutes earlier."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A pass, as far as it has come.

    Attributes:
        step, after: the list that it is in, and the last object of it that was compared.
        ended_ms: when it was done, or None.
        compared, differed: objects. undelivered: events that were mirrored because nobody had taken them.
        unknown: objects of nobody here, or at a price of no plan.
    """

    began_ms: int
    step: Step = "EVENTS"
    after: str = ""
    ended_ms: int | None = None
    compared: int = 0
    differed: int = 0
    undelivered: int = 0
    unknown: int = 0


class Place(Protocol):
    """Where a pass is kept."""

    def read(self) -> Repair | None: ...

    def write(self, repair: Repair) -> None: ...


def repair(
    mirror: Mirror, lists: Listing, place: Place, stop: Callable[[], bool], clock: Clock = system_clock
) -> Repair:
    """Begins a pass, or goes on with one, until it is done or must stop; before the next is due it does nothing.

    Raises:
        UpstreamError: Stripe or the table does not answer; the next run goes on.
    """
    now_ms, found = clock(), place.read()
    if found is None or (found.step == "DONE" and now_ms - found.began_ms >= EVERY_MS):
        found = Repair(now_ms)
    while found.step != "DONE" and not stop():
        found = _page(mirror, lists, found, clock())
        place.write(found)
    return found


def _page(mirror: Mirror, lists: Listing, at: Repair, now_ms: int) -> Repair:
    """The pass after one more page."""
    objects: Sequence[EventModel | SubscriptionModel | InvoiceModel]
    began_s = at.began_ms // SECOND_MS
    if at.step == "EVENTS":
        objects, more = lists.undelivered(began_s - EVENTS_DAYS * DAY_MS // SECOND_MS, at.after)
    elif at.step == "SUBSCRIPTIONS":
        objects, more = lists.subscriptions(at.after)
    else:
        objects, more = lists.invoices(began_s - INVOICES_DAYS * DAY_MS // SECOND_MS, at.after)
    for one in objects:
        at = _compared(mirror, one, at)
    if more and objects:
        return replace(at, after=objects[-1].id)
    following = _FOLLOWING[at.step]
    return replace(at, step=following, after="", ended_ms=now_ms if following == "DONE" else None)


def _compared(mirror: Mirror, one: EventModel | SubscriptionModel | InvoiceModel, at: Repair) -> Repair:
    if isinstance(one, EventModel):
        about = one.data.object
        if about.object not in MIRRORED or not about.id:
            return at
        mirror.mirror_or_note(about.object, about.id)
        return replace(at, undelivered=at.undelivered + 1)
    at = replace(at, compared=at.compared + 1)
    if _is_mirrored(mirror, one):
        return at
    known = mirror.mirror_or_note(one.object, one.id) == "MIRRORED"
    return replace(at, differed=at.differed + known, unknown=at.unknown + (not known))


def _is_mirrored(mirror: Mirror, one: SubscriptionModel | InvoiceModel) -> bool:
    """Whether the mirror has it as the list does. What a list does not tell is taken as it is mirrored."""
    organization_id = mirror.shelf.owner_of(one.id)
    if not organization_id:
        return False
    if isinstance(one, SubscriptionModel):
        kept = mirror.shelf.read(Subscription, organization_id, one.id)
        if kept is None or kept.fault or not one.items.data or (one.schedule or "") != kept.schedule_id:
            return False
        listed = mapping.subscription_from(organization_id, one, None, mirror.gateway.price, kept)
        following = {"next_plan": kept.next_plan, "next_interval": kept.next_interval, "next_at_ms": kept.next_at_ms}
        return replace(listed, version=kept.version, **following) == kept  # type: ignore[arg-type]
    invoice = mirror.shelf.read(Invoice, organization_id, one.id)
    if invoice is None:
        return False
    shown = mapping.invoice_from(organization_id, one, mirror.plan_of)
    return replace(shown, version=invoice.version, payment_ids=invoice.payment_ids) == invoice
