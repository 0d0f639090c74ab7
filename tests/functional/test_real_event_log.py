"""A real event log, raw events to last-touch totals, against the tables its own package expects.

The log and the expected tables are Snowplow's fractribution integration tests (Apache-2.0). Its settings, as a
site of ours: 30 days of lookback, its channel names as channel rules, every purchase a conversion.
"""

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from optiq.ads import api as ads
from optiq.ads.contracts import DailyMetric
from optiq.attribution import api as attribution
from optiq.journeys import api as journeys
from optiq.journeys.lake import TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.reports import api as reports
from optiq.reports.contracts import Question
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import ChannelRule, NewSite

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment

pytestmark = pytest.mark.usefixtures("table")

ANCHOR = Path(__file__).parents[3] / "shared" / "anchors" / "A07_snowplow_fractribution_apache2"
RULES = (
    ChannelRule("Paid_Search_Other", source="google", medium="cpc"),
    ChannelRule("Organic_Search", source="google", medium="organic"),
    ChannelRule("Video", source="youtube.com", medium="referral"),
    ChannelRule("Referral", medium="referral"),
    ChannelRule("Unmatched_Channel", medium="affiliate"),
)


def _rows(name: str) -> list[dict[str, str]]:
    if not ANCHOR.is_dir():
        pytest.skip(f"the anchor data is not here: {ANCHOR.name} is expected beside the repository, in shared/anchors")
    with (ANCHOR / name).open(newline="") as file:
        return [{key.lower(): value for key, value in row.items()} for row in csv.DictReader(file)]


def _expected(table: str) -> list[dict[str, str]]:
    return _rows(f"snowplow_fractribution_{table}_expected.csv")


def _messages(event: dict[str, str]) -> list[dict[str, Any]]:
    """The page view a row is, and the purchase it reports."""
    base = {"anonymousId": event["domain_userid"], "timestamp": event["derived_tstamp"]}
    messages: list[dict[str, Any]] = []
    if event["event_name"] == "page_view":
        context = {
            "page": {"url": f"https://{event['page_urlhost']}/"},
            "campaign": {"source": event["mkt_source"], "medium": event["mkt_medium"], "name": event["mkt_campaign"]},
            "sessionId": event["domain_sessionid"],
        }
        messages.append(base | {"type": "page", "messageId": event["event_id"], "context": context})
    if event["tr_total"]:
        purchase = {"type": "track", "event": "Order Completed", "messageId": f"{event['event_id']}-purchase"}
        messages.append(base | purchase | {"properties": {"total": event["tr_total"], "currency": "USD"}})
    return messages


@pytest.fixture(scope="module")
def site(table: object) -> NewSite:
    events = _rows("events_nonempty_columns.csv")
    made = tenancy.create_site(
        name="Log", domains=["poplindata.com"], currency="USD", lookback_days=30, channel_rules=RULES
    )
    pipeline = Pipeline()
    answer = send_segment(made, "batch", {"batch": [message for event in events for message in _messages(event)]})
    assert answer["body"] == '{"success":true}'
    pipeline.drain()
    return made


def _touches(site: NewSite) -> list[tuple[str, str, str, str, str, str]]:
    """Customer, time, channel, campaign, source and medium of every touch, oldest first."""
    sql = latest_rows(TOUCHES, "site_id = ?")
    columns = "customer_id, occurred_at, channel, campaign, source, medium"
    found = wiring.query().run(
        f"SELECT {columns} FROM ({sql}) WHERE NOT deleted ORDER BY occurred_at",
        site.site.organization_id,
        [site.site.site_id],
    )
    return found.rows  # type: ignore[return-value]


def test_sessions_fall_into_the_expected_channels(site: NewSite) -> None:
    found = Counter(touch[2:] for touch in _touches(site))

    expected = {
        (row["channel"], row["campaign"], row["source"], row["medium"]): int(row["number_of_sessions"])
        for row in _expected("channel_counts")
    }
    assert found == expected


def test_paths_to_conversion_are_the_expected_ones(site: NewSite) -> None:
    page = journeys.list_conversions(site.site.organization_id, site.site.site_id, 100, None)
    explained = [
        attribution.explain_conversion(Caller.system(site.site.organization_id), site.site.site_id, c.conversion_id)
        for c in page.items
    ]
    paths = [explanation.path for explanation in explained]
    found = sorted(
        (path.conversion.value_micros, " > ".join(touch.channel for touch in path.touches)) for path in paths
    )

    expected = sorted(
        (round(float(row["revenue"]) * 1_000_000), row["path"]) for row in _expected("paths_to_conversion")
    )
    assert found == expected


def test_paths_without_conversion_are_the_expected_ones(site: NewSite) -> None:
    page = journeys.list_conversions(site.site.organization_id, site.site.site_id, 100, None)
    buyers = {conversion.customer_id for conversion in page.items}
    paths: dict[str, list[str]] = defaultdict(list)
    for customer_id, _, channel, *_ in _touches(site):
        if customer_id not in buyers:
            paths[customer_id].append(channel)

    found = Counter(" > ".join(path) for path in paths.values())
    assert found == Counter(row["path"] for row in _expected("paths_to_non_conversion"))


def test_last_touch_totals_are_the_expected_ones(site: NewSite) -> None:
    report = reports.attribution_report(
        Caller.system(site.site.organization_id),
        site.site.site_id,
        Question("2022-06-03", "2022-08-01"),
        model="LAST_TOUCH",
    )
    found = {row.key: (row.conversions, row.revenue_micros) for row in report.rows if row.conversions}

    expected = {
        row["channel"]: (float(row["conversions"]), round(float(row["revenue"]) * 1_000_000))
        for row in _expected("report_table")
        if row["attribution_type"] == "last_touch" and float(row["conversions"])
    }
    assert found == expected


def test_first_and_last_touch_agree_with_the_package_before_it(site: NewSite) -> None:
    # Its other models work on paths without repeats, which ours keep.
    ours = {"first_touch": "FIRST_TOUCH", "last_touch": "LAST_TOUCH"}
    for theirs, model in ours.items():
        report = reports.attribution_report(
            Caller.system(site.site.organization_id),
            site.site.site_id,
            Question("2022-06-03", "2022-08-01"),
            model=model,
        )
        found = {row.key: row.revenue_micros / 1e6 for row in report.rows if row.conversions}
        expected = {
            row["channel"]: float(row["revenue"])
            for row in _rows("all_models_from_google_fractribution_py.csv")
            if row["model"] == theirs and float(row["conversions"])
        }
        assert found == pytest.approx(expected, abs=1e-6), model


def test_return_on_ad_spend_is_the_expected_one(site: NewSite) -> None:
    # GIVEN what each channel cost, as a campaign of its source and medium
    organization_id, site_id = site.site.organization_id, site.site.site_id
    origins = {rule.channel: (rule.source or "somewhere", rule.medium) for rule in RULES} | {
        "Direct": ("(direct)", "(none)")
    }
    ads.record_daily_metrics(
        Caller.system(organization_id),
        site_id,
        [
            DailyMetric("2022-07-01", *origins[row["channel"]], "any", 0, 0, int(row["spend"]) * 1_000_000, "USD")
            for row in _expected("channel_spend")
        ],
    )

    # THEN what it earned by last touch over what it cost is what the package reports
    question = Question("2022-06-03", "2022-08-01")
    earned = reports.attribution_report(Caller.system(organization_id), site_id, question, model="LAST_TOUCH")
    revenue = {row.key: row.revenue_micros for row in earned.rows}
    spent = reports.spend_report(
        Caller.system(organization_id), site_id, by="channel", from_day="2022-06-03", to_day="2022-08-01"
    )
    found = {row.key: revenue.get(row.key, 0) / row.spend_micros for row in spent.rows}

    expected = {
        row["channel"]: float(row["roas"])
        for row in _expected("report_table")
        if row["attribution_type"] == "last_touch"
    }
    assert found == pytest.approx(expected, abs=1e-9)
