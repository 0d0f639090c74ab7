"""From a customer's facts to sessions, touches, conversions and journeys: one pure function.

A session (sessions.py) opens with a touch, unless the customer merely came back from a payment or sign-in page
or was on the site already. Events without a page (from servers) join a session and never open one; nor does the end of
a page, which is no conversion and no step of a journey either.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from optiq.journeys.agents import is_bot
from optiq.journeys.channels import channel_named, channel_of
from optiq.journeys.contracts import Conversion, Touch
from optiq.journeys.customer_contracts import Journey
from optiq.journeys.days import day_of_slot, slot_of
from optiq.journeys.erased_ids import kept_id
from optiq.journeys.history import Fact
from optiq.journeys.origins import NOT_SET, Origin, origin_of
from optiq.journeys.sessions import (
    PAGE_LEAVE,
    OpenSession,
    Session,
    is_first_contact,
    is_goal,
    is_offline_touch,
    may_open_session,
    open_session,
    opens,
    session_of,
)
from optiq.journeys.visits import crowded_slots
from optiq.kernel.clock import DAY_MS, MINUTE_MS
from optiq.kernel.events import Campaign, correction_of
from optiq.kernel.ids import id_in_order, moment_of
from optiq.tenancy.contracts import Site

OFFLINE_MEDIUM = "offline"
"""What an offline touch has for a medium when nobody said another: a site's own rules may give it a channel."""


@dataclass(frozen=True, slots=True)
class History:
    """All that follows from a customer's facts; each list oldest first.

    `goals` are the facts that the site counts; several may report one order. `crowded` are the slots of UTC days
    (days.py) that are left out.
    """

    sessions: tuple[Session, ...]
    touches: tuple[Touch, ...]
    goals: tuple[Fact, ...]
    crowded: frozenset[int] = frozenset()

    @property
    def crowded_days(self) -> set[int]:
        """The UTC days, counted from 1970, of which something is left out."""
        return set(map(day_of_slot, self.crowded))


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """One order for one set of facts: by time, and those of one instant as their senders wrote them."""
    return sorted(facts, key=attrgetter("order"))


def derive(
    facts: Iterable[Fact],
    site: Site,
    first_ms: int | None = None,
    crowded: frozenset[int] = frozenset(),
    *,
    sessions_too: bool = True,
) -> History:
    """The history of one customer from the facts of whole UTC days, in whatever order.

    What bots did makes sessions and nothing else, and is kept apart from what people did.

    Args:
        first_ms: the customer's earliest event that may open a visit; None where it is among the facts.
        crowded: slots of days that are left out, whatever is known of them.
        sessions_too: without, the history has no sessions, which takes a fifth less.
    """
    ordered = in_order(facts)
    people = [fact for fact in ordered if not is_bot(fact.agent)]
    if first_ms is None:
        first_ms = next((fact.occurred_ms for fact in people if is_first_contact(fact)), 0)
    of_people = crowded | crowded_slots(people)
    goals = tuple(fact for fact in people if is_goal(fact, site))
    opened, touches = _visits(_of_other_slots(people, of_people), site, first_ms)
    if not sessions_too:
        return History((), tuple(touches), goals, of_people)
    if len(people) < len(ordered):
        bots = [fact for fact in ordered if is_bot(fact.agent)]
        opened += _visits(_of_other_slots(bots, crowded | crowded_slots(bots)), site, first_ms)[0]
        opened.sort(key=attrgetter("started_ms"))
    return History(tuple(session.closed() for session in opened), tuple(touches), goals, of_people)


def _of_other_slots(facts: Iterable[Fact], slots: frozenset[int]) -> Iterable[Fact]:
    return (fact for fact in facts if slot_of(fact) not in slots) if slots else facts


def _visits(ordered: Iterable[Fact], site: Site, first_ms: int) -> tuple[list[OpenSession], list[Touch]]:
    sessions: list[OpenSession] = []
    touches: list[Touch] = []
    for fact in ordered:
        if is_offline_touch(fact):
            touches.append(_offline_touch(fact, site))
            continue
        origin = _origin(fact, site) if may_open_session(fact) else None
        current = sessions[-1] if sessions else None
        if origin is not None and opens(fact, origin, current):
            opened = open_session(fact, origin, site)
            if not origin.internal or fact.occurred_ms <= first_ms:
                touches.append(_touch(fact, origin, opened.session_id, site))
            sessions.append(opened)
            opened.add(fact, origin, known=current is not None or fact.occurred_ms > first_ms)
        elif (session := session_of(fact, sessions)) is not None:
            session.add(fact, origin, known=True, latest=session is current)
    return sessions, touches


def _origin(fact: Fact, site: Site) -> Origin:
    excluded = site.excluded_referrers if site.credit_guard else None
    return origin_of(fact.url, fact.referrer, fact.campaign, site.domains, excluded, site.click_ids)


def touch_id_of(fact: Fact, site_id: str) -> str:
    """Touches sort by their ids as their facts do, and compare with conversions by the moments in both."""
    of_erased = kept_id(fact.event_id, "touch")
    return of_erased or id_in_order("touch", fact.occurred_ms, fact.delay_ms, fact.position, site_id, fact.event_id)


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
        evidence=fact.evidence,
        ad_ids=origin.ad_ids,
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
        evidence=fact.evidence,
    )


def journeys_of(
    facts: Iterable[Fact], history: History, conversions: Sequence[Conversion], site: Site, now_ms: int
) -> tuple[Journey, ...]:
    """One journey per conversion, from the first event after the one before; what comes after is in progress.

    A journey without a conversion is abandoned once nothing happened for the site's window.

    Args:
        conversions: those that stand, oldest first.
    """
    steps = [fact for fact in in_order(facts) if _is_step(fact, site)]
    moments = [fact.moment for fact in steps]
    touched_at = [moment_of(touch.touch_id) for touch in history.touches]
    journeys: list[Journey] = []
    start = touched = 0
    for conversion in (*conversions, None):
        end, touched_until = len(moments), len(touched_at)
        if conversion:
            converted_at = moment_of(conversion.conversion_id)
            end, touched_until = bisect_right(moments, converted_at), bisect_right(touched_at, converted_at)
        if end > start:
            first_ms, last_ms = steps[start].occurred_ms, steps[end - 1].occurred_ms
            journeys.append(
                Journey(
                    status="CONVERTED" if conversion else _unfinished(last_ms, site, now_ms),
                    started_ms=first_ms,
                    last_activity_ms=last_ms,
                    conversion_id=conversion.conversion_id if conversion else "",
                    touches=touched_until - touched,
                    events=end - start,
                    value_micros=conversion.value_micros if conversion else 0,
                )
            )
        start, touched = end, touched_until
    return tuple(journeys)


def late_touches(conversion: Conversion, history: History, facts: Iterable[Fact], site: Site) -> frozenset[str]:
    """The touches whose events reached us more than a minute after the conversion's had."""
    late = {touch_id_of(fact, site.site_id) for fact in facts if fact.arrived_ms > conversion.arrived_ms + MINUTE_MS}
    return frozenset(touch.touch_id for touch in history.touches if touch.touch_id in late)


def abandoned_before(site: Site, now_ms: int) -> int:
    """A journey without a conversion whose last activity was before this instant is abandoned."""
    return now_ms - site.journey_window_days * DAY_MS


def _unfinished(last_ms: int, site: Site, now_ms: int) -> Literal["IN_PROGRESS", "ABANDONED"]:
    return "ABANDONED" if last_ms < abandoned_before(site, now_ms) else "IN_PROGRESS"


def _is_step(fact: Fact, site: Site) -> bool:
    """Whether the customer did something: not the end of a page, nor what was said later of a conversion."""
    if fact.name == PAGE_LEAVE or is_bot(fact.agent):
        return False
    return not correction_of(fact.name) or is_goal(fact, site)
