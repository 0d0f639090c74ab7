"""Sessions as the lake's readers see them: what stands, whatever order it came in."""

import random
from dataclasses import replace
from typing import Any

import pytest
from optiq.journeys.history import fact_of
from optiq.journeys.journey import derive
from optiq.journeys.lake import EVENTS, SESSIONS
from optiq.journeys.publishing import publish
from optiq.journeys.recording import record
from optiq.kernel.clock import MINUTE_MS, SECOND_MS, from_rfc3339
from optiq.kernel.events import EventAccepted, Identity
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite, Site

from tests.functional.pipeline import Pipeline
from tests.functional.senders import request, send_pixel, send_segment
from tests.unit.journeys.facts import CRAWLER, HOME, PHONE

pytestmark = pytest.mark.usefixtures("table")

START_MS = from_rfc3339("2026-02-03T23:40:00Z")


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"], split_sessions_at_midnight=True)


def _sessions(site: Site) -> list[dict[str, Any]]:
    sql = f"SELECT * FROM ({latest_rows(SESSIONS, 'site_id = ?')}) WHERE NOT deleted ORDER BY started_at, session_id"
    result = wiring.query().run(sql, site.organization_id, (site.site_id,))
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def _event(number: int, **said: object) -> EventAccepted:
    fields: dict[str, Any] = {
        "organization_id": "",
        "site_id": "",
        "event_id": f"v.{number}",
        "own_id": True,
        "receipt": f"r{number}",
        "digest": "d",
        "kind": "PAGE",
        "name": "page_view",
        "identities": (Identity(type="anonymous_id", hash="v"),),
        "occurred_ms": START_MS,
        "received_ms": START_MS,
        "url": HOME,
    }
    return EventAccepted(**(fields | said))


def test_a_visit_is_told_with_its_device_and_pages(site: NewSite) -> None:
    # GIVEN a visitor on a phone who lands on one page and buys on another
    pipeline = Pipeline()
    at = {"anonymousId": "v1", "type": "page"}
    context = {"userAgent": PHONE, "page": {"url": f"{HOME}mugs"}}
    order = {"type": "track", "event": "Order Completed", "anonymousId": "v1", "timestamp": "2026-02-03T10:00:07Z"}
    landing = at | {"timestamp": "2026-02-03T10:00:00Z", "context": context}
    paying = at | {"timestamp": "2026-02-03T10:00:05Z", "context": {"userAgent": PHONE, "page": {"url": f"{HOME}pay"}}}
    send_segment(site, "batch", {"batch": [landing]})
    pipeline.drain()
    (first,) = _sessions(site.site)
    send_segment(site, "batch", {"batch": [paying, order]})
    pipeline.drain()

    # THEN it is one session, first a bounce, in the end engaged
    (session,) = _sessions(site.site)
    assert (first["bounced"], first["engaged"], first["events"]) == (True, False, 1)
    assert session["session_id"] == first["session_id"]
    assert {name: session[name] for name in ("device", "browser", "os", "entry_page", "exit_page")} == {
        "device": "MOBILE",
        "browser": "Mobile Safari",
        "os": "iOS",
        "entry_page": "/mugs",
        "exit_page": "/pay",
    }
    assert (session["page_views"], session["events"], session["conversions"]) == (2, 3, 1)
    assert (session["engaged"], session["bounced"], session["bot"]) == (True, False, False)
    assert (session["started_at"], session["ended_at"]) == ("2026-02-03T10:00:00.000Z", "2026-02-03T10:00:07.000Z")


def test_a_bots_events_are_kept_and_flagged_and_earn_nothing(site: NewSite) -> None:
    # GIVEN a crawler that runs the pixel of a sale, and a person who does
    from functions.collect import pixel

    pipeline = Pipeline()
    sale = f"k={site.public_key}&e=purchase&a=bot&v=5&u=https%3A%2F%2Fshop.example%2F"
    pixel.handler(request("GET", "/p.gif", query=sale, headers={"user-agent": CRAWLER}), None)
    send_pixel(k=site.public_key, e="purchase", a="v1", v="5", u=HOME)

    # WHEN both are taken in
    pipeline.drain()

    # THEN both stand in the lake, and only the person's converted
    columns = ("kind", "bot")
    sql = f"SELECT bot, count(*) FROM ({latest_rows(EVENTS, 'site_id = ?', columns)}) GROUP BY bot ORDER BY bot"
    organization_id, site_id = site.site.organization_id, site.site.site_id
    assert wiring.query().run(sql, organization_id, (site_id,)).rows == [(False, 1), (True, 1)]
    assert sorted((s["bot"], s["conversions"]) for s in _sessions(site.site)) == [(False, 1), (True, 1)]
    for table in ("touches", "conversions"):
        told = wiring.query().run(f"SELECT count(*) FROM {table} WHERE site_id = ?", organization_id, (site_id,))
        assert told.rows == [(1,)]


@pytest.mark.parametrize("seed", range(12))
def test_the_lake_ends_with_the_sessions_of_the_set_whatever_the_order(site: NewSite, seed: int) -> None:
    # GIVEN a customer's events, over midnight, with gaps at, within and beyond a session's
    chance = random.Random(seed)
    organization_id, site_id = site.site.organization_id, site.site.site_id
    user_agents = ["", PHONE, CRAWLER] if seed % 2 else [PHONE]
    addresses = ["", HOME, f"{HOME}?gclid=1", f"{HOME}?gclid=2"] if seed % 3 else [HOME]
    moment = START_MS
    events = []
    for number in range(14):
        moment += chance.choice([0, SECOND_MS, 11 * SECOND_MS, 20 * MINUTE_MS, 30 * MINUTE_MS, 31 * MINUTE_MS])
        said = {
            "kind": chance.choice(["PAGE", "PAGE", "TRACK"]),
            "name": chance.choice(["page_view", "purchase"]),
            "url": chance.choice(addresses),
            "referrer": chance.choice(["", HOME, "https://www.google.com/"]),
            "user_agent": chance.choice(user_agents),
        }
        events.append(_event(number, organization_id=organization_id, site_id=site_id, occurred_ms=moment, **said))

    # WHEN they arrive in any order, in batches of any size, some of them told twice
    arriving = chance.sample(events, len(events))
    while arriving:
        size = chance.randint(1, 5)
        batch, arriving = arriving[:size], arriving[size:]
        for _ in range(chance.randint(1, 2)):
            publish(site.site, record(site.site, batch))

    # THEN readers find exactly the sessions that the set of facts makes
    expected = derive([fact_of(event) for event in events], site.site).sessions
    told = {session["session_id"]: session for session in _sessions(site.site)}
    assert told.keys() == {session.session_id for session in expected}
    for session in expected:
        found = told[session.session_id]
        assert (found["events"], found["page_views"], found["bot"], found["exit_page"]) == (
            session.events,
            session.page_views,
            session.agent.bot,
            session.exit_page,
        )
        assert from_rfc3339(found["ended_at"]) == session.ended_ms


def test_settings_of_sessions_come_back_from_the_table(site: NewSite) -> None:
    assert tenancy.current_site(site.site.organization_id, site.site.site_id) == replace(
        site.site, split_sessions_at_midnight=True
    )
