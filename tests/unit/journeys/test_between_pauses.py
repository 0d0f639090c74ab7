"""What lies between two pauses comes out as from the whole history."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from optiq.journeys.agents import is_bot
from optiq.journeys.contracts import Touch
from optiq.journeys.history import Fact
from optiq.journeys.journey import History, derive, in_order
from optiq.journeys.sessions import Session, is_first_contact
from optiq.journeys.visits import PAUSE_MS, between_pauses, pause_after
from optiq.kernel.clock import MINUTE_MS

from tests.unit.journeys.facts import FACTS, SITE, fact

NOON = 20_000 * 86_400_000 + 12 * 60 * MINUTE_MS


OF_PAGES = FACTS.map(lambda facts: [replace(one, from_server=False, session_hint="") for one in facts])


@given(OF_PAGES, st.data())
def test_visits_around_an_event_come_out_as_from_all_facts(facts: list[Fact], data: st.DataObject) -> None:
    ordered = in_order(facts)
    if not ordered:
        return
    first, last = sorted(data.draw(st.tuples(*[st.sampled_from([one.occurred_ms for one in ordered])] * 2)))
    met = [one.occurred_ms for one in ordered if is_first_contact(one) and not is_bot(one.agent)]
    since_ms, until_ms = first - PAUSE_MS, pause_after([one.occurred_ms for one in ordered], last)

    whole = derive(ordered, SITE, met[0] if met else 0)
    part = derive(between_pauses(ordered, first, last), SITE, met[0] if met else 0)

    def reached(history: History) -> tuple[list[Session], list[Touch]]:
        sessions = [one for one in history.sessions if one.ended_ms >= since_ms and one.started_ms <= until_ms]
        return sessions, [one for one in history.touches if since_ms <= one.occurred_ms <= until_ms]

    assert reached(part) == reached(whole)


def test_facts_behind_a_pause_are_not_looked_at() -> None:
    facts = [fact(NOON + minute * MINUTE_MS) for minute in (0, 20, 51, 60, 90, 121, 150)]

    assert [
        (one.occurred_ms - NOON) // MINUTE_MS
        for one in between_pauses(facts, NOON + 60 * MINUTE_MS, NOON + 60 * MINUTE_MS)
    ] == [
        51,
        60,
        90,
    ]


def test_facts_that_may_belong_to_an_earlier_visit_have_all_looked_at() -> None:
    facts = [fact(NOON), fact(NOON + 60 * MINUTE_MS)]
    by_server = fact(NOON + 61 * MINUTE_MS, kind="TRACK", from_server=True)
    named = fact(NOON + 61 * MINUTE_MS, kind="TRACK", session_hint="s1")

    assert len(between_pauses(facts, NOON + 60 * MINUTE_MS, NOON + 60 * MINUTE_MS)) == 1
    for more in (by_server, named):
        assert len(between_pauses([*facts, more], NOON + 60 * MINUTE_MS, NOON + 60 * MINUTE_MS)) == 3
