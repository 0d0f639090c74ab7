"""From a customer's facts to sessions, touches, conversions and journeys: one pure function.

A session (sessions.py) opens with a touch, unless the customer merely came back from a payment or sign-in page
or was on the site already. Events without a page (from servers) join an open session and never open one; nor does
the end of a page, which is no conversion and no step of a journey either.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Literal

from optiq.journeys.agents import is_bot
from optiq.journeys.channels import NOT_SET, Origin, channel_named, channel_of, origin_of
from optiq.journeys.contracts import Conversion, Journey, Touch
from optiq.journeys.history import Fact
from optiq.journeys.sessions import (
    PAGE_LEAVE,
    OpenSession,
    Session,
    is_goal,
    is_offline_touch,
    may_open_session,
    open_session,
)
from optiq.kernel.clock import DAY_MS, MINUTE_MS
from optiq.kernel.events import Campaign
from optiq.kernel.ids import id_from
from optiq.tenancy.contracts import Site

ABANDONED_AFTER_MS = 30 * DAY_MS
OFFLINE_MEDIUM = "offline"
"""What an offline touch has for a medium when nobody said another: a site's own rules may give it a channel."""
REFUND_EVENTS = frozenset({"Order Refunded", "refund"})


@dataclass(frozen=True, slots=True)
class Goal:
    """A fact that the site counts as a conversion; its value is what refunds have left of it."""

    conversion_id: str
    event_id: str
    order_id: str
    name: str
    occurred_ms: int
    value_micros: int
    currency: str


@dataclass(frozen=True, slots=True)
class History:
    """All that follows from a customer's facts; each list oldest first."""

    sessions: tuple[Session, ...]
    touches: tuple[Touch, ...]
    goals: tuple[Goal, ...]


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """By time, and at the same instant by id: one order for one set of facts."""
    return sorted(facts, key=attrgetter("occurred_ms", "event_id"))


def derive(facts: Iterable[Fact], site: Site) -> History:
    """The history of one customer from the set of their facts, in whatever order.

    What bots did makes sessions and nothing else, and is kept apart from what people did.
    """
    ordered = in_order(facts)
    people = [fact for fact in ordered if not is_bot(fact.agent)]
    sessions, touches = _visits(people, site)
    if len(people) < len(ordered):
        sessions += _visits([fact for fact in ordered if is_bot(fact.agent)], site)[0]
        sessions.sort(key=attrgetter("started_ms"))
    goals = _refunded([_goal(fact, site) for fact in people if is_goal(fact, site)], people, site)
    return History(tuple(sessions), tuple(touches), goals)


def _visits(ordered: Iterable[Fact], site: Site) -> tuple[list[Session], list[Touch]]:
    sessions: list[OpenSession] = []
    touches: list[Touch] = []
    for fact in ordered:
        if is_offline_touch(fact):
            touches.append(_offline_touch(fact, site))
            continue
        origin = _origin(fact, site) if may_open_session(fact) else None
        current = sessions[-1] if sessions else None
        known = current is not None
        if origin is not None and (current is None or current.ends_before(fact, origin)):
            current = open_session(fact, origin, site)
            if not origin.internal or not sessions:
                touches.append(_touch(fact, origin, current.session_id, site))
            sessions.append(current)
        if current is not None:
            current.add(fact, origin, known=known)
    return [session.closed() for session in sessions], touches


def _origin(fact: Fact, site: Site) -> Origin:
    excluded = site.excluded_referrers if site.credit_guard else None
    return origin_of(fact.url, fact.referrer, fact.campaign, site.domains, excluded, site.click_ids)


def touch_id_of(fact: Fact, site_id: str) -> str:
    return id_from("touch", fact.occurred_ms, site_id, fact.event_id)


def _touch(fact: Fact, origin: Origin, session_id: str, site: Site) -> Touch:
    if origin.internal:
        # The first we see of somebody who was on the site before we looked: nobody else can be credited.
        origin = origin_of(fact.url, "", None, site.domains)
    return Touch(
        touch_id=touch_id_of(fact, site.site_id),
        session_id=session_id,
        occurred_ms=fact.occurred_ms,
        touch_type=origin.touch_type,
        channel=channel_of(origin, site.channel_rules),
        source=origin.source,
        medium=origin.medium,
        campaign=origin.campaign,
        term=origin.term,
        content=origin.content,
        click_ids=origin.click_ids,
        landing_page=origin.landing_page,
        referrer_domain=origin.referrer_domain,
        tagged=origin.tagged,
    )


def _offline_touch(fact: Fact, site: Site) -> Touch:
    campaign = fact.campaign or Campaign()
    source, medium, name = campaign.source or NOT_SET, campaign.medium or OFFLINE_MEDIUM, campaign.name or NOT_SET
    return Touch(
        touch_id=touch_id_of(fact, site.site_id),
        session_id="",
        occurred_ms=fact.occurred_ms,
        touch_type="OFFLINE",
        channel=channel_named(source, medium, name, site.channel_rules),
        source=source,
        medium=medium,
        campaign=name,
        term=campaign.term,
        content=campaign.content,
        click_ids=(),
        landing_page="",
        referrer_domain="",
    )


def _goal(fact: Fact, site: Site) -> Goal:
    return Goal(
        conversion_id=id_from("conversion", fact.occurred_ms, site.site_id, fact.event_id),
        event_id=fact.event_id,
        order_id=fact.order_id,
        name=fact.name,
        occurred_ms=fact.occurred_ms,
        value_micros=fact.value_micros or 0,
        currency=fact.currency or site.currency,
    )


def _refunded(goals: Sequence[Goal], facts: Iterable[Fact], site: Site) -> tuple[Goal, ...]:
    """Takes refunds off the conversions they name: the whole value, or the amount they state in its currency."""
    refunds: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.name in REFUND_EVENTS and fact.order_id:
            refunds.setdefault(fact.order_id, []).append(fact)
    return tuple(_less(goal, refunds, site) for goal in goals) if refunds else tuple(goals)


def _less(goal: Goal, refunds: Mapping[str, Sequence[Fact]], site: Site) -> Goal:
    named = (
        *(refunds.get(goal.order_id, ()) if goal.order_id else ()),
        *refunds.get(refund_of(goal.conversion_id), ()),
    )
    left = goal.value_micros
    for refund in named:
        if refund.value_micros is None:
            left = 0
        elif (refund.currency or site.currency) == goal.currency:
            left = max(0, left - abs(refund.value_micros))
    return replace(goal, value_micros=left)


def refund_of(conversion_id: str) -> str:
    """The order id by which a refund names a conversion rather than an order."""
    return f"conversion:{conversion_id}"


def journeys_of(facts: Iterable[Fact], history: History, now_ms: int) -> tuple[Journey, ...]:
    """One journey per conversion, from the first event after the one before; what comes after is in progress.

    A journey without a conversion is abandoned once nothing happened for ABANDONED_AFTER_MS.
    """
    steps = [fact for fact in in_order(facts) if fact.name != PAGE_LEAVE and not is_bot(fact.agent)]
    times = [fact.occurred_ms for fact in steps]
    touch_times = [touch.occurred_ms for touch in history.touches]
    journeys: list[Journey] = []
    start = 0
    for goal in (*history.goals, None):
        end = bisect_right(times, goal.occurred_ms) if goal else len(times)
        if end > start:
            first_ms, last_ms = times[start], times[end - 1]
            journeys.append(
                Journey(
                    status="CONVERTED" if goal else _unfinished(last_ms, now_ms),
                    started_ms=first_ms,
                    last_activity_ms=last_ms,
                    conversion_id=goal.conversion_id if goal else "",
                    touches=bisect_right(touch_times, last_ms) - bisect_left(touch_times, first_ms),
                    events=end - start,
                    value_micros=goal.value_micros if goal else 0,
                )
            )
        start = end
    return tuple(journeys)


def late_touches(goal: Goal, history: History, facts: Iterable[Fact], site: Site) -> frozenset[str]:
    """The touches whose events reached us more than a minute after the conversion's had."""
    arrived = {fact.event_id: fact.arrived_ms for fact in facts}
    converted_ms = arrived[goal.event_id] + MINUTE_MS
    late = {touch_id_of(fact, site.site_id) for fact in facts if fact.arrived_ms > converted_ms}
    return frozenset(touch.touch_id for touch in history.touches if touch.touch_id in late)


def _unfinished(last_ms: int, now_ms: int) -> Literal["IN_PROGRESS", "ABANDONED"]:
    return "IN_PROGRESS" if now_ms - last_ms <= ABANDONED_AFTER_MS else "ABANDONED"


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
