"""Questions over a lake, against sums by hand over the same rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from optiq.journeys.lake import SESSIONS, TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.ids import id_in_order, new_id
from optiq.ports.lake_rows import arrow_table
from optiq.reports.questions.answering import answer
from optiq.reports.questions.asked import checked
from optiq.reports.questions.catalogue import CATALOGUE
from optiq.reports.questions.contracts import Answer, Ask, Days, Row
from optiq.reports.questions.filters import Filter

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.lake import Part, TestLake

NOW_MS = from_rfc3339("2026-01-31T12:00:00Z")
CHANNELS = ("Email", "Direct", "Paid Search")
TABLES = {"sessions": SESSIONS, "touches": TOUCHES}
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(30)]


def ask(lake: TestLake, *metrics: str, **fields: Any) -> Answer:
    question = Ask(metrics, **({"period": "2026-01-01..2026-01-30"} | fields))
    return answer(checked(Caller.system(lake.organization_id), lake.site_id, question, NOW_MS), NOW_MS)


def codes(found: Answer) -> list[str]:
    return [note.kind for note in found.notes]


def by_keys(rows: tuple[Row, ...]) -> dict[tuple[str, ...], tuple[Any, ...]]:
    return {row.keys: row.values for row in rows}


@pytest.fixture
def lake(make_site: SiteMaker) -> TestLake:
    return make_site(timezone="Europe/Berlin")


@pytest.fixture
def visits(lake: TestLake) -> list[dict[str, Any]]:
    """Visits in the lake, some in two versions, some deleted, some of bots; those that count are returned."""
    random = Random(7)
    counted = []
    written: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for number in range(120):
        started = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(30 * 24 * 60))
        started_ms = int(started.timestamp() * 1000)
        visit = {
            "session_id": f"s{number}",
            "site_id": lake.site_id,
            "customer_id": f"c{random.randrange(40)}",
            "started_at": started_ms,
            "ended_at": started_ms + random.randrange(600_000),
            "page_views": random.randrange(1, 9),
            "engaged": random.random() < 0.6,
            "bounced": random.random() < 0.3,
            "device": random.choice(("MOBILE", "DESKTOP")),
            "bot": random.random() < 0.1,
            "revision": 2,
            "deleted": random.random() < 0.1,
        }
        touch = {
            "touch_id": f"t{number}",
            "site_id": lake.site_id,
            "session_id": f"s{number}",
            "occurred_at": started_ms,
            "channel": random.choice(CHANNELS),
            "revision": 1,
            "deleted": False,
        }
        day = started.date().isoformat()
        written["sessions", day] += [visit, visit | {"page_views": 1_000, "revision": 1, "deleted": False}]
        if number % 5:
            written["touches", day].append(touch)
        channel = touch["channel"] if number % 5 else ""
        local = started + timedelta(hours=1)
        if not visit["bot"] and not visit["deleted"] and date(2026, 1, 1) <= local.date() <= date(2026, 1, 30):
            counted.append(visit | {"channel": channel, "day": local.date().isoformat()})
    # In two files a day.
    for (table, day), rows in written.items():
        for name, half in (("a", rows[::2]), ("b", rows[1::2])):
            if half:
                lake.lake.append(table, lake.organization_id, day, name, arrow_table(TABLES[table], half))
    return counted


def grouped(rows: list[dict[str, Any]], *names: str) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names)].append(row)
    yield from groups.items()


def test_visits_are_counted_once_by_every_combination_of_dimensions(
    lake: TestLake, visits: list[dict[str, Any]]
) -> None:
    metrics = ("visits", "people", "page_views", "bounce_rate", "visit_ms")
    for names in ((), ("channel",), ("device", "channel"), ("day",), ("channel", "day")):
        found = ask(lake, *metrics, dimensions=names, limit=10_000)
        expected = {
            keys: (
                len(rows),
                len({row["customer_id"] for row in rows}),
                sum(row["page_views"] for row in rows),
                round(sum(row["bounced"] for row in rows) / len(rows), 9),
                sum(row["ended_at"] - row["started_at"] for row in rows),
            )
            for keys, rows in grouped(visits, *names)
        }
        seen = {keys: values for keys, values in by_keys(found.rows).items() if values[0]}
        assert seen == expected, names
        assert found.totals.values == next(iter(ask(lake, *metrics).rows)).values


def test_a_series_has_a_row_for_every_day(lake: TestLake, visits: list[dict[str, Any]]) -> None:
    found = ask(lake, "visits", dimensions=("day",))
    assert [row.keys[0] for row in found.rows] == [day.isoformat() for day in DAYS]
    weeks = ask(lake, "visits", dimensions=("week",))
    assert [row.keys[0] for row in weeks.rows] == ["2025-12-29", "2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"]
    assert sum(row.values[0] or 0 for row in weeks.rows) == len(visits)


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ((Filter("channel", "is", ("Email",)),), lambda v: v["channel"] == "Email"),
        ((Filter("channel", "is_not", ("Email", "Direct")),), lambda v: v["channel"] not in ("Email", "Direct")),
        ((Filter("channel", "contains", ("PAID",)),), lambda v: "Paid" in v["channel"]),
        ((Filter("channel", "starts_with", ("dir",)),), lambda v: v["channel"].startswith("Dir")),
        ((Filter("channel", "is_set"),), lambda v: v["channel"] != ""),
        ((Filter("channel", "is_not_set"),), lambda v: v["channel"] == ""),
        (
            (Filter("channel", "is", ("Email",)), Filter("device", "is", ("MOBILE",))),
            lambda v: v["channel"] == "Email" and v["device"] == "MOBILE",
        ),
    ],
)
def test_filters_choose_visits(lake: TestLake, visits: list[dict[str, Any]], filters: Any, wanted: Any) -> None:
    found = ask(lake, "visits", filters=tuple((one,) for one in filters))
    assert found.totals.values == (len([visit for visit in visits if wanted(visit)]),)


def test_one_filter_of_a_group_is_enough(lake: TestLake, visits: list[dict[str, Any]]) -> None:
    group = (Filter("channel", "is", ("Email",)), Filter("device", "is", ("MOBILE",)))
    expected = len([visit for visit in visits if visit["channel"] == "Email" or visit["device"] == "MOBILE"])
    assert ask(lake, "visits", filters=(group,)).totals.values == (expected,)


def test_a_value_that_nothing_has_is_told(lake: TestLake, visits: list[dict[str, Any]]) -> None:
    found = ask(lake, "visits", filters=((Filter("channel", "is", ("Emial",)),),))
    assert [note.kind for note in found.notes] == ["NOTHING_FOUND"]
    assert "(Emial)" in found.notes[0].text
    assert codes(ask(lake, "visits", filters=((Filter("channel", "is", ("Email",)),),))) == []


def test_a_filter_is_text_and_never_sql(lake: TestLake, visits: list[dict[str, Any]]) -> None:
    hostile = Filter("channel", "is", ("' OR '1'='1",))
    assert ask(lake, "visits", filters=((hostile,),)).totals.values == (0,)


def sales(lake: TestLake, currency: str = "EUR") -> dict[str, list[Part]]:
    """Conversions of three touches each, on every third day at noon."""
    random, found = Random(9), {}
    for number, day in enumerate(DAYS[::3]):
        micros = [random.randrange(1, 50_000_000) for _ in range(3)]
        parts = [Part(random.choice(CHANNELS), 1 / 3, one) for one in micros]
        found[day.isoformat()] = parts
        lake.write_credits(lake.credit(f"c{number}", f"{day}T12:00:00Z", parts, currency=currency))
    return found


def test_money_adds_up_to_what_was_sold_by_every_dimension(lake: TestLake) -> None:
    sold = sales(lake)
    total = sum(part.credit_micros for parts in sold.values() for part in parts)
    for names in ((), ("channel",), ("campaign", "channel"), ("day",), ("month",), ("day", "channel")):
        found = ask(lake, "revenue", "conversions", dimensions=names, limit=10_000)
        assert sum(row.values[0] or 0 for row in found.rows) == total, names
        assert found.totals.values == (total, 10.0)
    by_day = by_keys(ask(lake, "revenue", dimensions=("day",)).rows)
    for day, parts in sold.items():
        assert by_day[(day,)] == (sum(part.credit_micros for part in parts),)


def test_foreign_money_adds_up_to_its_converted_value(lake: TestLake) -> None:
    for day in DAYS:
        lake.write_rates(day.isoformat(), USD=1_084_300)
    sales(lake, "USD")
    whole = ask(lake, "revenue").totals.values[0]
    by_channel = ask(lake, "revenue", dimensions=("channel",))
    assert sum(row.values[0] or 0 for row in by_channel.rows) == whole
    parts = [ask(lake, "revenue", filters=((Filter("channel", "is", (channel,)),),)) for channel in CHANNELS]
    assert sum(one.totals.values[0] or 0 for one in parts) == whole
    assert by_channel.notes == ()


def test_money_without_a_rate_is_in_no_sum_and_said(lake: TestLake) -> None:
    sales(lake, "USD")
    found = ask(lake, "revenue", "conversions", dimensions=("channel",))
    assert found.totals.values == (0, 10.0)
    assert [note.text for note in found.notes if note.kind == "NO_RATE"] == [
        "10 conversions or rows of spend are in no amount: their currency has no exchange rate for the day. Import"
        " rates to EUR."
    ]


def test_ratios_are_of_sums_and_nothing_is_divided_by_nothing(lake: TestLake) -> None:
    lake.write_credits(lake.credit("c1", "2026-01-10T12:00:00Z", [Part("Email", 1.0, 60_000_000)]))
    for day, spend, clicks in (("2026-01-10", 10_000_000, 4), ("2026-01-11", 20_000_000, 0)):
        spent = {"channel": "Email", "day": day, "spend_micros": spend, "clicks": clicks, "impressions": 1_000}
        lake.write_metrics(spent | {"currency": "EUR", "source": "mail"})
    found = by_keys(ask(lake, "roas", "cpa", "cpc", "cpm", "ctr", dimensions=("channel",)).rows)
    assert found == {("Email",): (2.0, 30_000_000, 7_500_000, 15_000_000, 0.002)}
    by_day = by_keys(ask(lake, "roas", dimensions=("day",)).rows)
    assert (by_day[("2026-01-10",)], by_day[("2026-01-11",)], by_day[("2026-01-12",)]) == ((6.0,), (0.0,), (None,))


def test_of_two_visits_of_one_instant_the_first_is_a_new_visitors(lake: TestLake) -> None:
    at_ms = from_rfc3339("2026-01-05T10:00:00Z")
    shared = {"site_id": lake.site_id, "customer_id": "c", "started_at": at_ms, "ended_at": at_ms, "bot": False}
    rows = [
        {"session_id": id_in_order("session", at_ms, 0, position), "page_views": pages, "revision": 1, "deleted": False}
        | shared
        for position, pages in ((1, 7), (0, 5))
    ]
    lake.lake.append(SESSIONS.name, lake.organization_id, "2026-01-05", "two", arrow_table(SESSIONS, rows))

    found = by_keys(ask(lake, "visits", "page_views", dimensions=("visitor",)).rows)

    assert found == {("NEW",): (1, 5), ("RETURNING",): (1, 7)}


def test_of_two_conversions_of_one_instant_the_first_is_a_new_customers(lake: TestLake) -> None:
    at = "2026-01-05T10:00:00Z"
    lake.write_credits(
        lake.credit(id_in_order("conversion", from_rfc3339(at), 0, 1), at, [Part("Email", 1.0, 7)]),
        lake.credit(id_in_order("conversion", from_rfc3339(at), 0, 0), at, [Part("Email", 1.0, 5)]),
    )

    found = by_keys(ask(lake, "conversions", "revenue", dimensions=("customer",)).rows)

    assert found == {("NEW",): (1.0, 5), ("RETURNING",): (1.0, 7)}


def test_a_period_is_compared_with_the_one_before(lake: TestLake) -> None:
    for day, micros in (("2026-01-05", 100), ("2026-01-12", 120), ("2026-01-13", 5)):
        lake.write_credits(lake.credit(f"c{day}", f"{day}T12:00:00Z", [Part("Email", 1.0, micros)]))
    week = {"period": "2026-01-11..2026-01-17", "compare": "PREVIOUS_PERIOD"}
    found = ask(lake, "revenue", dimensions=("day",), **week)
    assert found.compared == Days("2026-01-04", "2026-01-10")
    assert {row.keys[0]: (row.values[0], row.before[0]) for row in found.rows if row.values[0] or row.before[0]} == {
        "2026-01-12": (120, 100),
        "2026-01-13": (5, 0),
    }
    assert found.totals == Row((), (125,), (100,), (0.25,))
    changes = {row.keys[0]: row.change for row in found.rows}
    assert (changes["2026-01-12"], changes["2026-01-13"]) == ((0.2,), (None,))


def test_a_value_of_the_period_before_alone_has_a_row(lake: TestLake) -> None:
    lake.write_credits(lake.credit("c1", "2026-01-05T12:00:00Z", [Part("Email", 1.0, 100)]))
    found = ask(lake, "revenue", dimensions=("channel",), period="2026-01-11..2026-01-17", compare="PREVIOUS_PERIOD")
    assert found.rows == (Row(("Email",), (0,), (100,), (-1.0,)),)


def test_rows_beyond_the_limit_are_in_the_totals(lake: TestLake) -> None:
    sales(lake)
    whole, cut = ask(lake, "revenue", dimensions=("channel",)), ask(lake, "revenue", dimensions=("channel",), limit=1)
    assert cut.rows == whole.rows[:1]
    assert (cut.totals, cut.row_count) == (whole.totals, 3)


def test_what_cannot_be_said_comes_last_in_both_orders(lake: TestLake) -> None:
    sales(lake)
    spent = {
        "channel": "Email",
        "day": "2026-01-10",
        "spend_micros": 1,
        "clicks": 1,
        "impressions": 1,
        "currency": "EUR",
    }
    lake.write_metrics(spent | {"source": "mail"})
    for order in ("roas", "-roas"):
        rows = ask(lake, "roas", dimensions=("channel",), order=order).rows
        assert rows[0].keys == ("Email",)
        assert rows[-1].values == (None,)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"metrics": ()}, "metrics"),
        ({"metrics": ("revenues",)}, "metrics"),
        ({"metrics": ("revenue", "revenue")}, "metrics"),
        ({"dimensions": ("colour",)}, "dimensions"),
        ({"dimensions": ("day", "week")}, "dimensions"),
        ({"dimensions": ("device",)}, "dimensions"),
        ({"dimensions": ("hour",)}, "dimensions"),
        ({"filters": ((Filter("colour", "is", ("red",)),),)}, "filters"),
        ({"filters": ((Filter("device", "is", ("MOBILE",)),),)}, "filters"),
        ({"filters": ((Filter("channel", "is"),),)}, "filters"),
        ({"filters": ((Filter("channel", "is_set", ("x",)),),)}, "filters"),
        ({"filters": ((),)}, "filters"),
        ({"order": "spend"}, "order"),
        ({"limit": 0}, "limit"),
        ({"period": "soon"}, "period"),
        ({"period": "2026-01-30..2026-01-01"}, "period"),
        ({"period": "2024-01-01..2026-01-01"}, "period"),
        ({"period": "2026-02-30..2026-03-01"}, "period"),
        ({"compare": "YESTERDAY"}, "compare"),
        ({"compare": "2026-01-30..soon"}, "compare"),
        ({"model": "MAGIC"}, "model"),
    ],
)
def test_a_question_that_cannot_be_asked_names_the_field(lake: TestLake, fields: Mapping[str, Any], field: str) -> None:
    whole: dict[str, Any] = {"metrics": ("revenue",), "period": "2026-01-01..2026-01-30"} | dict(fields)
    with pytest.raises(InvalidError, match=f"^{field}: ") as error:
        checked(Caller.system(lake.organization_id), lake.site_id, Ask(**whole), NOW_MS)
    assert [*error.value.fields] == [f"body.{field}"]


def test_today_is_compared_with_the_same_hours(lake: TestLake) -> None:
    # 12:00Z is 13:00 in Berlin
    for day, at, micros in (("31", "11:00", 7), ("30", "11:59", 100), ("30", "12:01", 10)):
        lake.write_credits(lake.credit(f"c{day}{at}", f"2026-01-{day}T{at}:00Z", [Part("Email", 1.0, micros)]))
    found = ask(lake, "revenue", period="today", compare="PREVIOUS_PERIOD")
    assert found.totals == Row((), (7,), (100,), (-0.93,))
    assert found.compared_until_ms == NOW_MS - 86_400_000
    assert found.incomplete_days == ("2026-01-31",)


def test_days_of_another_length_are_compared_by_their_place(lake: TestLake) -> None:
    for day, micros in (("2026-01-02", 10), ("2026-01-12", 30)):
        lake.write_credits(lake.credit(f"c{day}", f"{day}T12:00:00Z", [Part("Email", 1.0, micros)]))
    found = ask(lake, "revenue", dimensions=("day",), period="2026-01-11..2026-01-12", compare="2026-01-01..2026-01-05")
    assert found.rows == (
        Row(("2026-01-11",), (0,), (0,), (None,)),
        Row(("2026-01-12",), (30,), (10,), (2.0,)),
    )
    assert (found.totals.values, found.totals.before) == ((30,), (10,))


def test_conversions_that_a_model_was_not_computed_for_are_noted(lake: TestLake) -> None:
    lake.write_credits(lake.credit("c1", "2026-01-10T12:00:00Z", [Part("Email", 1.0, 5)]))
    found = ask(lake, "revenue", model="CUSTOM")
    assert found.totals.values == (0,)
    assert [note.text for note in found.notes] == ["1 conversions are left out: CUSTOM was not computed for them."]


def test_people_in_several_rows_are_noted(lake: TestLake, visits: list[dict[str, Any]]) -> None:
    assert codes(ask(lake, "people", dimensions=("channel",))) == ["NOT_ADDITIVE"]
    assert codes(ask(lake, "people")) == []


def test_another_tenants_site_is_not_found(lake: TestLake) -> None:
    with pytest.raises(NotFoundError):
        checked(Caller.system(new_id("org", NOW_MS)), lake.site_id, Ask(("revenue",)), NOW_MS)


def test_every_ratio_is_of_known_metrics() -> None:
    for metric in CATALOGUE.metrics.values():
        parts = [name for name in (metric.numerator, metric.denominator) if name]
        assert bool(parts) != bool(metric.source)
        assert all(CATALOGUE.metrics[name].source for name in parts)
