"""When events happened, what they are worth and whose they are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.collect.contracts import Delivery, Sender
from optiq.collect.normalise import (
    CLOCK_TOLERANCE_MS,
    Statement,
    accept,
    digest_of,
    happened_at,
    passing_visitor_id,
)
from optiq.kernel.clock import DAY_MS, HOUR_MS
from optiq.kernel.errors import InvalidError

NOW = 1_767_225_600_000
BROWSER = Sender("org_1", "site_1", trusted_clock=False)
SERVER = Sender("org_1", "site_1", trusted_clock=True, may_import=True)
DELIVERY = Delivery("POST /b", b"", "Mozilla/5.0", "203.0.113.9", NOW)


def _said(timestamp_ms: int | None = NOW, sent_ms: int | None = NOW, **more: object) -> Statement:
    fields: dict[str, object] = {
        "kind": "TRACK",
        "name": "purchase",
        "event_id": "v1.1",
        "anonymous_id": "v1",
        "user_id": "",
        "session_hint": "",
        "timestamp_ms": timestamp_ms,
        "sent_ms": sent_ms,
        "url": "",
        "referrer": "",
        "title": "",
        "campaign": None,
        "user_agent": "",
        "properties": {},
        "digest": "d",
    }
    return Statement(**(fields | more))  # type: ignore[arg-type]


def test_a_clock_near_ours_is_believed_to_the_millisecond() -> None:
    assert happened_at(_said(NOW - 1234, NOW - 800), NOW, BROWSER) == (NOW - 1234, False)


def test_a_wrong_clock_is_corrected_by_its_error() -> None:
    for error in (-7 * DAY_MS, 2 * CLOCK_TOLERANCE_MS, 3 * DAY_MS):
        said = _said(NOW + error - 5000, NOW + error)
        assert happened_at(said, NOW, BROWSER) == (NOW - 5000, True)


def test_a_browser_cannot_date_an_event_as_it_likes() -> None:
    assert happened_at(_said(NOW - 400 * DAY_MS, NOW), NOW, BROWSER) == (NOW, True)
    assert happened_at(_said(NOW - DAY_MS, None), NOW, BROWSER) == (NOW, True)
    assert happened_at(_said(NOW + HOUR_MS, NOW), NOW, BROWSER) == (NOW, True)


def test_a_server_imports_history_with_its_own_times() -> None:
    assert happened_at(_said(NOW - 400 * DAY_MS, None), NOW, SERVER) == (NOW - 400 * DAY_MS, False)
    assert happened_at(_said(NOW - 400 * DAY_MS, NOW - 1000), NOW, SERVER) == (NOW - 400 * DAY_MS, False)
    assert happened_at(_said(NOW - 400 * DAY_MS, NOW - 300 * DAY_MS), NOW, SERVER) == (NOW - 400 * DAY_MS, False)


def test_an_event_dated_more_than_a_day_ahead_has_our_time() -> None:
    assert happened_at(_said(NOW + DAY_MS + 1, None), NOW, SERVER) == (NOW, True)
    assert happened_at(_said(NOW + DAY_MS - 1, None), NOW, SERVER) == (NOW + DAY_MS - 1, False)


@given(st.integers(0, 10**13), st.none() | st.integers(0, 10**13), st.booleans())
def test_no_event_is_placed_more_than_a_day_ahead(timestamp_ms: int, sent_ms: int | None, server: bool) -> None:
    occurred_ms, _ = happened_at(_said(timestamp_ms, sent_ms), NOW, SERVER if server else BROWSER)

    assert 0 <= occurred_ms <= NOW + DAY_MS


@pytest.mark.parametrize(
    ("properties", "value_micros", "currency"),
    [
        ({"revenue": 49.9, "total": 60, "value": 1}, 49_900_000, ""),
        ({"total": "60.10", "currency": "usd"}, 60_100_000, "USD"),
        ({"revenue": None, "value": 1}, 1_000_000, ""),
        ({"revenue": "", "total": -3.25}, -3_250_000, ""),
        ({"price": 9}, None, ""),
    ],
)
def test_the_value_comes_from_revenue_then_total_then_value(
    properties: dict[str, object], value_micros: int | None, currency: str
) -> None:
    event = accept(_said(properties=properties), BROWSER, DELIVERY, b"secret")

    assert (event.value_micros, event.currency) == (value_micros, currency)


@pytest.mark.parametrize(
    "properties",
    [
        {"revenue": "ten"},
        {"revenue": True},
        {"revenue": [1]},
        {"value": "NaN"},
        {"value": 1e300},
        {"currency": "$"},
        {"currency": 9},
    ],
)
def test_a_value_that_cannot_be_read_is_left_out_with_a_warning(properties: dict[str, object]) -> None:
    event = accept(_said(properties=properties), BROWSER, DELIVERY, b"secret")

    ((name, _),) = properties.items()
    assert (event.value_micros, event.currency) == (None, "")
    assert [warning.partition(":")[0] for warning in event.warnings] == [f"properties.{name}"]


def test_people_are_known_by_keyed_hashes_only() -> None:
    said = _said(user_id="ada@example.com")
    event = accept(said, BROWSER, DELIVERY, b"secret")
    elsewhere = accept(said, Sender("org_2", "site_1", trusted_clock=False), DELIVERY, b"secret")

    assert "ada" not in event.model_dump_json()
    assert event.identities[0].type == "user_id"
    assert event.identities[0].hash != elsewhere.identities[0].hash


def test_only_an_id_that_carries_its_visitor_is_its_own() -> None:
    assert accept(_said(event_id="v1.77"), BROWSER, DELIVERY, b"s").own_id
    assert not accept(_said(event_id="v12.77"), BROWSER, DELIVERY, b"s").own_id
    assert not accept(_said(event_id=".77", anonymous_id="", user_id="u"), BROWSER, DELIVERY, b"s").own_id


def test_an_event_that_names_nobody_is_refused() -> None:
    with pytest.raises(InvalidError, match="anonymous id or a user id"):
        accept(_said(anonymous_id=""), BROWSER, DELIVERY, b"secret")


def test_one_content_has_one_digest_however_it_is_written() -> None:
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_a_visitor_without_an_id_is_known_for_one_day_by_a_truncated_address() -> None:
    neighbour = Delivery("GET /p.gif", b"", "Mozilla/5.0", "203.0.113.200", NOW)
    tomorrow = Delivery("GET /p.gif", b"", "Mozilla/5.0", "203.0.113.9", NOW + DAY_MS)

    assert passing_visitor_id(DELIVERY, "site_1") == passing_visitor_id(neighbour, "site_1")
    assert passing_visitor_id(DELIVERY, "site_1") != passing_visitor_id(tomorrow, "site_1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("::ffff:203.0.113.9", "::ffff:198.51.100.20"),
        ("::ffff:cb00:7109", "::ffff:c633:6414"),
        ("64:ff9b::203.0.113.9", "64:ff9b::198.51.100.20"),
        ("[::ffff:203.0.113.9]:40001", "198.51.100.20:40001"),
    ],
)
def test_passing_visitor_id_shortens_ipv4_in_ipv6_form_as_ipv4(one: str, other: str) -> None:
    def visitor(ip: str) -> str:
        return passing_visitor_id(replace(DELIVERY, ip=ip), "site_1")

    assert visitor(one) == visitor("203.0.113.9")
    assert visitor(other) == visitor("198.51.100.20")
    assert visitor(one) != visitor(other)
