"""From a customer's facts to sessions, touches, conversions and journeys: one pure function.

A session (sessions.py) opens with a touch, unless the customer merely came back from a payment or sign-in page
or was on the site already. Events without a page (from servers) join a session and never open one; nor does the end of
a page, which is no conversion and no step of a journey either.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from optiq.journeys.agents import is_bot
from optiq.journeys.channels import channel_named, channel_of
from optiq.journeys.contracts import Conversion, Touch
from optiq.journeys.customer_contracts import Journey
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
from optiq.journeys.visits import crowded_days
from optiq.kernel.clock import DAY_MS, MINUTE_MS
from optiq.kernel.events import Campaign, correction_of
from optiq.kernel.ids import id_in_order
from optiq.tenancy.contracts import Site

OFFLINE_MEDIUM = "offline"
"""What an offline touch has for a medium when nobody said another: a site's own rules may give it a channel."""


@dataclass(frozen=True, slots=True)
class History:
    """All that follows from a customer's facts; each list oldest first.

    `goals` are the facts that the site counts; several may report one order. `crowded` are the UTC days, counted from
    1970, that are left out.
    """

    sessions: tuple[Session, ...]
    touches: tuple[Touch, ...]
    goals: tuple[Fact, ...]
    crowded: frozenset[int] = frozenset()


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
        crowded: days that are left out, whatever is known of them.
        sessions_too: without, the history has no sessions, which takes a fifth less.
    """
    ordered = in_order(facts)
    people = [fact for fact in ordered if not is_bot(fact.agent)]
    if first_ms is None:
        first_ms = next((fact.occurred_ms for fact in people if is_first_contact(fact)), 0)
    of_people = crowded | crowded_days(people)
    goals = tuple(fact for fact in people if is_goal(fact, site))
    converted = {goal.occurred_ms: (goal.position, goal.delay_ms) for goal in reversed(goals)}
    opened, touches = _visits(_of_other_days(people, of_people), site, first_ms, converted)
    if not sessions_too:
        return History((), tuple(touches), goals, of_people)
    if len(people) < len(ordered):
        bots = [fact for fact in ordered if is_bot(fact.agent)]
        opened += _visits(_of_other_days(bots, crowded | crowded_days(bots)), site, first_ms, {})[0]
        opened.sort(key=attrgetter("started_ms"))
    return History(tuple(session.closed() for session in opened), tuple(touches), goals, of_people)


def _of_other_days(facts: Iterable[Fact], days: frozenset[int]) -> Iterable[Fact]:
    return (fact for fact in facts if fact.occurred_ms // DAY_MS not in days) if days else facts


_Converted = Mapping[int, tuple[int, int]]
"""Where the first conversion of an instant stands within it: its place in its request, and its delay."""


def _visits(
    ordered: Iterable[Fact], site: Site, first_ms: int, converted: _Converted
) -> tuple[list[OpenSession], list[Touch]]:
    sessions: list[OpenSession] = []
    touches: list[Touch] = []
    for fact in ordered:
        if is_offline_touch(fact):
            touches.append(_offline_touch(fact, _touched_ms(fact, site, converted), site))
            continue
        origin = _origin(fact, site) if may_open_session(fact) else None
        current = sessions[-1] if sessions else None
        if origin is not None and opens(fact, origin, current):
            opened = open_session(fact, origin, site)
            if not origin.internal or fact.occurred_ms <= first_ms:
                touches.append(_touch(fact, _touched_ms(fact, site, converted), origin, opened.session_id, site))
            sessions.append(opened)
            opened.add(fact, origin, known=current is not None or fact.occurred_ms > first_ms)
        elif (session := session_of(fact, sessions)) is not None:
            session.add(fact, origin, known=True, latest=session is current)
    # A conversion's own touch stays, and may come after one that was dated later.
    return sessions, sorted(touches, key=attrgetter("occurred_ms"))


def _touched_ms(fact: Fact, site: Site, converted: _Converted) -> int:
    """When a fact's touch happened: a millisecond later if it follows a conversion of its instant, for it did not lead
    to that one.

    Of two requests that reached us at once, neither is known to follow the other: such a touch stays. So does one of
    the last millisecond of a UTC day, under which its event is kept.
    """
    at_ms = fact.occurred_ms
    follows = at_ms in converted and (fact.position, fact.delay_ms) > converted[at_ms] and not is_goal(fact, site)
    return at_ms + 1 if follows and (at_ms + 1) % DAY_MS else at_ms


def _origin(fact: Fact, site: Site) -> Origin:
    excluded = site.excluded_referrers if site.credit_guard else None
    return origin_of(fact.url, fact.referrer, fact.campaign, site.domains, excluded, site.click_ids)


def touch_id_of(fact: Fact, site_id: str) -> str:
    """Touches of one instant sort by their ids as their facts do."""
    return id_in_order("touch", fact.occurred_ms, fact.position, fact.delay_ms, site_id, fact.event_id)


def _touch(fact: Fact, occurred_ms: int, origin: Origin, session_id: str, site: Site) -> Touch:
    if origin.internal:
        # The first we see of somebody who was on the site before we looked: nobody else can be credited.
        origin = origin_of(fact.url, "", None, site.domains)
    return Touch(
        touch_id=touch_id_of(fact, site.site_id),
        session_id=session_id,
        occurred_ms=occurred_ms,
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


def _offline_touch(fact: Fact, occurred_ms: int, site: Site) -> Touch:
    campaign = fact.campaign or Campaign()
    source, medium, name = campaign.source or NOT_SET, campaign.medium or OFFLINE_MEDIUM, campaign.name or NOT_SET
    return Touch(
        touch_id=touch_id_of(fact, site.site_id),
        session_id="",
        occurred_ms=occurred_ms,
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
    times = [fact.occurred_ms for fact in steps]
    touch_times = [touch.occurred_ms for touch in history.touches]
    journeys: list[Journey] = []
    start = touched = 0
    for conversion in (*conversions, None):
        end = bisect_right(times, conversion.occurred_ms) if conversion else len(times)
        touched_until = bisect_right(touch_times, conversion.occurred_ms) if conversion else len(touch_times)
        if end > start:
            first_ms, last_ms = times[start], times[end - 1]
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
