"""Conversions as facts have them: what each is worth follows from its event and from what was said of it later.

A refund or an adjustment is a fact like any other and names what it corrects, so neither the order in which they
arrive nor a replay can matter (docs/decisions/0008).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from optiq.journeys.contracts import Conversion, Grade
from optiq.journeys.history import Fact
from optiq.journeys.sessions import is_goal
from optiq.kernel.ids import id_from
from optiq.tenancy.contracts import Site

ADJUSTMENT = "Order Updated"
REFUND = "Order Refunded"
_REFUNDS = frozenset({REFUND, "refund"})
CORRECTIONS = _REFUNDS | {ADJUSTMENT}
"""Events that say something of a conversion made before; Segment's names (segment.com/docs/connections/spec/ecommerce)
and Google Analytics 4's."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A fact that the site counts as a conversion; its value is what corrections have left of it."""

    conversion_id: str
    event_id: str
    order_id: str
    name: str
    occurred_ms: int
    value_micros: int
    currency: str
    evidence: Grade


def goals_of(ordered: Sequence[Fact], site: Site) -> tuple[Goal, ...]:
    """The conversions among facts that come oldest first, each at its value now."""
    corrections: dict[str, list[Fact]] = defaultdict(list)
    for fact in ordered:
        if fact.name in CORRECTIONS and fact.order_id:
            corrections[fact.order_id].append(fact)
    goals = (_goal(fact, site) for fact in ordered if is_goal(fact, site))
    return tuple(_corrected(goal, corrections, site) for goal in goals)


def conversion_of(goal: Goal, site: Site, customer_id: str, revision: int) -> Conversion:
    """The conversion a goal is, as it stands at a revision of its customer."""
    return Conversion(
        organization_id=site.organization_id,
        site_id=site.site_id,
        customer_id=customer_id,
        conversion_id=goal.conversion_id,
        event_id=goal.event_id,
        name=goal.name,
        occurred_ms=goal.occurred_ms,
        value_micros=goal.value_micros,
        currency=goal.currency,
        revision=revision,
    )


def name_of_conversion(conversion_id: str) -> str:
    """The order id by which a correction names a conversion rather than an order."""
    return f"conversion:{conversion_id}"


def _goal(fact: Fact, site: Site) -> Goal:
    return Goal(
        conversion_id=id_from("conversion", fact.occurred_ms, site.site_id, fact.event_id),
        event_id=fact.event_id,
        order_id=fact.order_id,
        name=fact.name,
        occurred_ms=fact.occurred_ms,
        value_micros=fact.value_micros or 0,
        currency=fact.currency or site.currency,
        evidence=fact.evidence,
    )


def _corrected(goal: Goal, corrections: Mapping[str, Sequence[Fact]], site: Site) -> Goal:
    """An adjustment says what the conversion is worth then, a refund takes off its amount, or all without one.

    Amounts of another currency than the conversion's say nothing of it.
    """
    named = [
        *(corrections.get(goal.order_id, ()) if goal.order_id else ()),
        *corrections.get(name_of_conversion(goal.conversion_id), ()),
    ]
    left = goal.value_micros
    for fact in sorted(named, key=attrgetter("occurred_ms", "event_id")):
        if fact.value_micros is None:
            left = 0 if fact.name in _REFUNDS else left
        elif (fact.currency or site.currency) == goal.currency:
            left = max(0, left - abs(fact.value_micros) if fact.name in _REFUNDS else fact.value_micros)
    return replace(goal, value_micros=left) if named else goal
