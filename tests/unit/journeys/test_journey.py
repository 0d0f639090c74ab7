"""From facts to sessions, touches, conversions and journeys."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from optiq.journeys.history import Fact, pack, unpack
from optiq.journeys.journey import derive, in_order, journeys_of, late_touches, touch_id_of
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS
from optiq.kernel.events import Campaign
from optiq.kernel.ids import id_in_order

from tests.unit.journeys.facts import FACTS, HOME, SITE, SPRING, conversion_at
from tests.unit.journeys.facts import fact as _fact


def test_a_session_ends_after_thirty_minutes_of_silence() -> None:
    at_the_limit = derive([_fact(0), _fact(30 * MINUTE_MS)], SITE)
    beyond_it = derive([_fact(0), _fact(30 * MINUTE_MS + 1)], SITE)

    assert [len(at_the_limit.sessions), len(beyond_it.sessions)] == [1, 2]
    assert at_the_limit.sessions[0].page_views == 2


def test_a_new_campaign_starts_a_session_and_the_same_one_does_not() -> None:
    facts = [_fact(0, campaign=SPRING), _fact(1000, campaign=SPRING), _fact(2000, url=f"{HOME}?gclid=7")]

    assert [touch.channel for touch in derive(facts, SITE).touches] == ["Email", "Paid Search"]


def test_a_return_from_a_payment_page_keeps_the_session_and_is_no_touch() -> None:
    facts = [_fact(0, campaign=SPRING), _fact(5 * MINUTE_MS, referrer="https://www.paypal.com/")]
    late = [_fact(0, campaign=SPRING), _fact(2 * HOUR_MS, referrer="https://www.paypal.com/")]

    assert len(derive(facts, SITE).sessions) == 1
    assert len(derive(late, SITE).touches) == 1


def test_somebody_first_seen_on_the_site_came_directly() -> None:
    (touch,) = derive([_fact(0, referrer=f"{HOME}cart")], SITE).touches

    assert (touch.channel, touch.landing_page) == ("Direct", "/")


def test_a_servers_event_joins_a_session_and_opens_none() -> None:
    server = {"kind": "TRACK", "name": "Order Completed", "url": "", "value_micros": 5}
    history = derive([_fact(0), _fact(MINUTE_MS, **server), _fact(5 * HOUR_MS, **server)], SITE)

    assert [session.events for session in history.sessions] == [2]
    assert [goal.value_micros for goal in history.goals] == [5, 5]


def test_the_senders_own_session_id_starts_a_session() -> None:
    facts = [_fact(0, session_hint="a"), _fact(1000, session_hint="b"), _fact(2000)]

    assert len(derive(facts, SITE).touches) == 2


def test_each_conversion_ends_a_journey() -> None:
    order = {"kind": "TRACK", "name": "purchase", "value_micros": 7}
    facts = [
        _fact(0),
        _fact(1000, **order),
        _fact(HOUR_MS),
        _fact(2 * HOUR_MS),
        _fact(2 * HOUR_MS + 1, **order),
        _fact(9 * HOUR_MS),
    ]

    journeys = journeys_of(
        facts, derive(facts, SITE), [conversion_at(1000), conversion_at(2 * HOUR_MS + 1)], SITE, 10 * HOUR_MS
    )

    assert [(j.status, j.touches, j.events) for j in journeys] == [
        ("CONVERTED", 1, 2),
        ("CONVERTED", 2, 3),
        ("IN_PROGRESS", 1, 1),
    ]


def test_conversions_of_one_instant_end_a_journey_each() -> None:
    # Given an order, a visit, another visit, an order and a visit of one second, in one request
    order = {"kind": "TRACK", "name": "purchase", "url": ""}
    facts = [
        _fact(1000, event_id=str(position), position=position, **said)
        for position, said in enumerate([order, {"url": f"{HOME}?gclid=1"}, {"campaign": SPRING}, order, {}])
    ]
    conversions = [
        conversion_at(1000, conversion_id=id_in_order("conversion", 1000, 0, position)) for position in (0, 3)
    ]

    journeys = journeys_of(facts[::-1], derive(facts, SITE), conversions, SITE, 10 * HOUR_MS)

    assert [(j.status, j.touches, j.events) for j in journeys] == [
        ("CONVERTED", 0, 1),
        ("CONVERTED", 2, 3),
        ("IN_PROGRESS", 0, 1),
    ]


def test_a_journey_nobody_goes_on_with_is_abandoned() -> None:
    facts = [_fact(0)]
    history = derive(facts, SITE)

    assert [j.status for j in journeys_of(facts, history, [], SITE, 30 * DAY_MS)] == ["IN_PROGRESS"]
    assert [j.status for j in journeys_of(facts, history, [], SITE, 30 * DAY_MS + 1)] == ["ABANDONED"]
    patient = replace(SITE, journey_window_days=31)
    assert [j.status for j in journeys_of(facts, history, [], patient, 30 * DAY_MS + 1)] == ["IN_PROGRESS"]


@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_arrive_does_not_matter(facts: list[Fact], shuffler: random.Random) -> None:
    shuffled = facts.copy()
    shuffler.shuffle(shuffled)

    assert derive(shuffled, SITE) == derive(facts, SITE)


@given(FACTS)
def test_every_touch_opens_its_own_session(facts: list[Fact]) -> None:
    history = derive(facts, SITE)

    starts = {session.session_id: session.started_ms for session in history.sessions}
    assert len(starts) == len(history.sessions)
    for touch in history.touches:
        if touch.session_id:
            assert touch.occurred_ms == starts[touch.session_id]
    assert len({touch.touch_id for touch in history.touches}) == len(history.touches)
    visited = any(touch.touch_type != "OFFLINE" for touch in history.touches)
    assert visited == any(not session.agent.bot for session in history.sessions)


@given(FACTS)
def test_facts_come_back_from_the_table_as_they_were(facts: list[Fact]) -> None:
    assert unpack(pack(facts)) == facts
    assert in_order(unpack(pack(in_order(facts)))) == in_order(facts)


def test_the_end_of_a_page_prolongs_a_session_and_does_nothing_else() -> None:
    # Given a site that would take the end of a page for a conversion
    site = replace(SITE, conversion_events=("purchase", "page_leave"))
    end = {"kind": "TRACK", "name": "page_leave"}
    facts = [
        _fact(0, campaign=SPRING),
        _fact(MINUTE_MS, kind="TRACK", name="purchase"),
        _fact(20 * MINUTE_MS, **end),
        _fact(9 * HOUR_MS, **end, campaign=Campaign(source="other")),
    ]

    history = derive(facts, site)

    # Then it opens no session, brings no touch and no conversion, and begins no journey
    (session,) = history.sessions
    assert session.ended_ms == 20 * MINUTE_MS
    assert len(history.touches) == len(history.goals) == 1
    assert [one.status for one in journeys_of(facts, history, [conversion_at(MINUTE_MS)], SITE, 9 * HOUR_MS)] == [
        "CONVERTED"
    ]


def test_a_touch_we_learned_of_after_its_conversion_is_late() -> None:
    order = _fact(HOUR_MS, kind="TRACK", name="purchase")
    in_time, late = _fact(0, delay_ms=MINUTE_MS), _fact(20 * MINUTE_MS, url=f"{HOME}?gclid=1", delay_ms=9 * HOUR_MS)
    facts = [in_time, late, order]
    history = derive(facts, SITE)

    assert late_touches(conversion_at(HOUR_MS), history, facts, SITE) == {touch_id_of(late, SITE.site_id)}
