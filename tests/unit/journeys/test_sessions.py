"""What is told of a session, and what ends it."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from optiq.journeys.agents import agent_text
from optiq.journeys.history import Fact
from optiq.journeys.journey import derive, journeys_of
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, from_rfc3339

from tests.unit.journeys.facts import CRAWLER, FACTS, HOME, PHONE, SITE, SPRING, fact


def test_a_session_knows_where_it_began_and_where_it_ended() -> None:
    facts = [
        fact(0, url=f"{HOME}mugs?utm_source=x"),
        fact(1000, url=f"{HOME}cart", referrer=f"{HOME}mugs"),
        fact(2000, kind="TRACK", name="Scrolled", url=f"{HOME}elsewhere"),
    ]

    (session,) = derive(facts, SITE).sessions

    assert (session.entry_page, session.exit_page) == ("/mugs", "/cart")
    assert (session.page_views, session.events) == (2, 3)


def test_a_visit_that_began_without_a_page_view_still_has_its_pages() -> None:
    (session,) = derive([fact(0, kind="TRACK", name="Scrolled", url=f"{HOME}mugs")], SITE).sessions

    assert (session.page_views, session.entry_page, session.exit_page) == (0, "/mugs", "/mugs")


def test_one_short_look_bounces() -> None:
    glance = [fact(0), fact(10 * SECOND_MS - 1, kind="TRACK", name="Scrolled")]

    (session,) = derive(glance, SITE).sessions

    assert (session.bounced, session.engaged) == (True, False)


def test_ten_seconds_two_pages_or_a_conversion_engage() -> None:
    stayed = [fact(0), fact(10 * SECOND_MS, kind="TRACK", name="Scrolled")]
    looked_on = [fact(0), fact(1, url=f"{HOME}cart", referrer=HOME)]
    bought = [fact(0), fact(1, kind="TRACK", name="purchase")]

    found = [derive(facts, SITE).sessions[0] for facts in (stayed, looked_on, bought)]

    assert [session.engaged for session in found] == [True, True, True]
    assert [session.conversions for session in found] == [0, 0, 1]


def test_midnight_in_the_sites_timezone_ends_a_session_where_the_site_asks() -> None:
    # GIVEN a visit over midnight in Berlin, which is eleven at night in London
    before, after = from_rfc3339("2026-01-10T22:55:00Z"), from_rfc3339("2026-01-10T23:05:00Z")
    facts = [fact(before, campaign=SPRING), fact(after, referrer=HOME)]
    berlin = replace(SITE, timezone="Europe/Berlin", split_sessions_at_midnight=True)

    # THEN only Berlin's site that asks for it has two sessions; going on is no new touch
    assert len(derive(facts, berlin).sessions) == 2
    assert len(derive(facts, berlin).touches) == 1
    assert len(derive(facts, replace(berlin, timezone="Europe/London")).sessions) == 1
    assert len(derive(facts, replace(berlin, split_sessions_at_midnight=False)).sessions) == 1


def test_a_servers_event_after_midnight_does_not_hide_the_midnight() -> None:
    before, after = from_rfc3339("2026-01-10T23:55:00Z"), from_rfc3339("2026-01-11T00:05:00Z")
    paid = fact(after, kind="TRACK", name="purchase", url="")
    site = replace(SITE, split_sessions_at_midnight=True)

    history = derive([fact(before), paid, fact(after + 1, referrer=HOME)], site)

    assert [session.events for session in history.sessions] == [2, 1]


def test_a_sessions_device_is_the_first_one_said() -> None:
    facts = [
        fact(0),
        fact(1, kind="TRACK", name="Scrolled", agent=agent_text(PHONE)),
        fact(2, kind="TRACK", name="Scrolled", agent="DESKTOP|Firefox|Linux"),
    ]

    (session,) = derive(facts, SITE).sessions

    assert (session.agent.device, session.agent.browser, session.agent.os) == ("MOBILE", "Mobile Safari", "iOS")


def test_a_bot_makes_sessions_but_neither_touches_nor_conversions() -> None:
    bot = agent_text(CRAWLER)
    facts = [fact(0, agent=bot, campaign=SPRING), fact(1, kind="TRACK", name="purchase", agent=bot)]

    history = derive(facts, SITE)

    assert [(session.agent.bot, session.events) for session in history.sessions] == [(True, 2)]
    assert (history.touches, history.goals, journeys_of(facts, history, [], SITE, 2)) == ((), (), ())


@given(FACTS)
def test_what_bots_do_changes_nothing_of_what_people_did(facts: list[Fact]) -> None:
    people = [f for f in facts if not f.agent.startswith("BOT")]

    with_bots, without = derive(facts, SITE), derive(people, SITE)

    assert (with_bots.touches, with_bots.goals) == (without.touches, without.goals)
    assert tuple(s for s in with_bots.sessions if not s.agent.bot) == without.sessions


@given(FACTS)
def test_sessions_count_every_event_once_and_do_not_overlap(facts: list[Fact]) -> None:
    people = [f for f in facts if not f.agent.startswith("BOT")]
    sessions = derive(people, replace(SITE, split_sessions_at_midnight=True)).sessions

    assert sum(session.events for session in sessions) <= len(people)
    assert sum(session.page_views for session in sessions) >= sum(f.kind == "PAGE" and bool(f.url) for f in people)
    assert all(session.started_ms <= session.ended_ms for session in sessions)
    assert all(one.ended_ms <= other.started_ms for one, other in pairwise(sessions))
    assert all(session.bounced != session.engaged for session in sessions)


def test_an_event_long_after_a_session_is_none_of_it() -> None:
    (session,) = derive([fact(0), fact(2 * HOUR_MS, kind="TRACK", name="purchase", url="")], SITE).sessions

    assert (session.ended_ms, session.conversions) == (0, 0)


PAYPAL = "https://www.paypal.com/checkout"


def test_a_return_from_a_payment_page_is_counted_once_where_it_kept_credit() -> None:
    # GIVEN somebody who pays, looks at the page twice, and logs in the next day
    facts = [
        fact(0, campaign=SPRING),
        fact(MINUTE_MS, url=f"{HOME}thanks", referrer=PAYPAL),
        fact(MINUTE_MS + 1, kind="TRACK", name="purchase", url=f"{HOME}thanks", referrer=PAYPAL),
        fact(MINUTE_MS + 2, url=f"{HOME}thanks", referrer=PAYPAL),
        fact(DAY_MS, url=f"{HOME}account", referrer="https://accounts.google.com/"),
    ]

    history = derive(facts, SITE)

    assert [session.kept_referrers for session in history.sessions] == [("paypal.com",), ("accounts.google.com",)]
    assert [touch.channel for touch in history.touches] == ["Email"]


def test_nobodys_credit_is_kept_where_nobody_was_before() -> None:
    (session,) = derive([fact(0, referrer=PAYPAL)], SITE).sessions

    assert session.kept_referrers == ()


def test_a_tagged_return_from_a_payment_page_is_a_touch_and_keeps_nothing() -> None:
    history = derive([fact(0), fact(1, campaign=SPRING, referrer=PAYPAL)], SITE)

    assert [session.kept_referrers for session in history.sessions] == [(), ()]
    assert len(history.touches) == 2


def test_a_site_may_name_more_pages_to_come_back_from() -> None:
    facts = [fact(0, campaign=SPRING), fact(DAY_MS, referrer="https://pay.bank.example/done")]
    guarded = derive(facts, replace(SITE, excluded_referrers=("bank.example",)))

    assert [touch.source for touch in derive(facts, SITE).touches] == ["newsletter", "pay.bank.example"]
    assert [touch.source for touch in guarded.touches] == ["newsletter"]
    assert guarded.sessions[1].kept_referrers == ("bank.example",)
