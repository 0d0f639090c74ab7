"""The sample, as `make run` loads it: every model's report equals the orders less refunds, to the micro."""

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from optiq.attribution.contracts import DATA_DRIVEN_MODELS, STANDARD_MODELS
from optiq.kernel.clock import MINUTE_MS, day_of, from_rfc3339, parse_timezone, system_clock
from optiq.kernel.money import to_micros
from optiq.ports.log_file import LogFile
from playwright.sync_api import Browser, expect

from infra.local.sample.browsers import browsers
from infra.local.sample.load import BRAND_SEARCH, SEED, Sample
from infra.local.sample.rates import reference_rates
from infra.local.sample.season import DAYS, Season
from infra.local.sample.telling import BUYERS
from infra.local.sample.traffic import traffic
from infra.local.scheduler import remember_run
from infra.local.system import Running, running_system
from tests.browser.console_people import ConsoleUser
from tests.support.waiting import LIMIT_SECONDS, wait_until
from tests.system.sites import get

# Three months of a shop are sent, credited and learned from: a minute of CPU.
pytestmark = [pytest.mark.system, pytest.mark.slow]

MODELS = (*STANDARD_MODELS, *DATA_DRIVEN_MODELS)
REFUNDS = ("Order Refunded", "Order Cancelled")
BERLIN = parse_timezone("Europe/Berlin")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("home")
    with running_system(home, sample=True) as system:
        give_up = time.monotonic() + 600
        while not (home / "sample.json").exists() or not _sample(home).loaded:
            assert time.monotonic() < give_up, "the sample was not loaded"
            time.sleep(0.5)
        wait_until(lambda: len(_told(_conversions(system, _sample(home)))) == len(BUYERS), "what it sells is credited")
        yield system


@pytest.fixture(scope="module")
def olive(browser: Browser, running: Running) -> Iterator[ConsoleUser]:
    """The sample's owner, signed in."""
    sample = _sample(running.home.path)
    person = ConsoleUser(browser, running, sample.email, "Olive Owner", sample.password)
    person.sign_in()
    expect(person.page.get_by_role("heading", name="Overview")).to_be_visible()
    yield person
    assert person.strayed == []
    person.context.close()


def _sample(home: Path) -> Sample:
    return Sample(**json.loads((home / "sample.json").read_text()))


@dataclass(slots=True)
class Sent:
    """An order as its reports and refunds tell of it, however many they are; `left_micros` is its value after them."""

    day: date
    currency: str
    left_micros: int
    cancelled: bool = False


def _sent(sample: Sample) -> list[Sent]:
    """The orders that were sent, one for each order id."""
    orders: dict[str, Sent] = {}
    for message in traffic(SEED, sample.until_ms):
        properties = message.get("properties", {})
        if message.get("event") == "Order Completed":
            order = Sent(
                day_of(from_rfc3339(message["timestamp"]), BERLIN),
                properties["currency"],
                to_micros(properties["revenue"]),
            )
            orders.setdefault(properties["order_id"], order)
        elif message.get("event") in REFUNDS:
            orders[properties["order_id"]].left_micros -= to_micros(properties["revenue"])
            orders[properties["order_id"]].cancelled = message["event"] == "Order Cancelled"
    return list(orders.values())


def _report(running: Running, sample: Sample, model: str, by: str = "channel", kind: str = "attribution") -> Any:
    question = f"by={by}&from={sample.days[0]}&to={sample.days[-1]}" + (f"&model={model}" if model else "")
    return get(running.url, f"/v1/sites/{sample.site_id}/{kind}?{question}", sample.api_key)


def _revenue(report: Any) -> dict[str, int]:
    return {row[report["by"]]: row["revenue_micros"] for row in report["rows"]}


def _conversions(running: Running, sample: Sample) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = get(running.url, f"/v1/sites/{sample.site_id}/conversions?limit=40{cursor}", sample.api_key)
        found += page["items"]
        if page["cursor"] is None:
            return found
        cursor = f"&cursor={page['cursor']}"


def _told(conversions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of conversions, the sales after the loaded days that the platforms are told (sample/telling.py)."""
    return [one for one in conversions if one["order_id"].startswith("TOLD-")]


def _in_euros(orders: list[Sent], sample: Sample) -> int:
    """The sum of the orders, each converted at the rate of its day, half up."""
    rows = reference_rates(SEED, date.fromisoformat(sample.days[-1]), DAYS + 10).splitlines()[1:]
    dollars = {date.fromisoformat(row.split(",")[0]): Fraction(row.split(",")[1]) for row in rows}
    total = 0
    for order in orders:
        day = order.day
        while day not in dollars:
            day -= timedelta(days=1)
        exact = Fraction(order.left_micros) / (dollars[day] if order.currency == "USD" else 1)
        total += int(exact + Fraction(1, 2))
    return total


def test_the_first_look_at_the_overview_has_every_day(running: Running) -> None:
    sample = _sample(running.home.path)

    found = get(running.url, f"/v1/sites/{sample.site_id}/overview?period=last30d", sample.api_key)

    visits = [metric["name"] for metric in found["metrics"]].index("visits")
    assert len(found["series"]) == 30
    assert [day["keys"][0] for day in found["series"][:-1] if not day["values"][visits]] == []


def test_the_printed_sign_in_opens_the_samples_report(running: Running) -> None:
    sample = _sample(running.home.path)
    said = {"email": sample.email, "password": sample.password, "as_token": True}
    token = _post(running, "/v1/sign-in", said)["session_token"]
    (mine,) = get(running.url, "/v1/organizations", token)["items"]
    assert (mine["organization"]["organization_id"], mine["role"]) == (sample.organization_id, "OWNER")

    days = f"from={sample.days[0]}&to={sample.days[-1]}"
    report = get(running.url, f"/v1/sites/{sample.site_id}/attribution?{days}", token)
    assert report["totals"]["conversions"] > 0


def _post(running: Running, path: str, body: object, api_key: str = "") -> Any:
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {api_key}"} if api_key else {})
    request = urllib.request.Request(running.url + path, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def test_every_models_total_equals_the_orders_less_refunds(running: Running) -> None:
    sample = _sample(running.home.path)
    sent = _sent(sample)
    goals = sum(message.get("event") in ("Lead", "Signed Up") for message in traffic(SEED, sample.until_ms))
    kept = sorted((order.day, order.currency, order.left_micros) for order in sent if not order.cancelled)
    assert len(sent) >= 600
    assert {currency for _, currency, _ in kept} == {"EUR", "USD"}
    assert any(left_micros == 0 for *_, left_micros in kept)

    listed = [conversion for conversion in _conversions(running, sample) if conversion["name"] == "Order Completed"]
    reports = {model: _report(running, sample, model) for model in MODELS}

    # The cancelled order is worth nothing, whether it is listed or not.
    told = _told(listed)
    rest = [one for one in listed if one not in told]
    found = sorted((day_of(from_rfc3339(c["occurred_at"]), BERLIN), c["currency"], c["value_micros"]) for c in rest)
    assert [each for each in found if each[2]] == [each for each in kept if each[2]]
    assert len(kept) <= len(rest) <= len(sent)
    assert sorted(one["value_micros"] for one in told) == sorted(to_micros(value) for *_, value in BUYERS)
    for model, report in reports.items():
        of_told = sum(one["value_micros"] for one in told)
        totals = {"conversions": len(listed) + goals, "revenue_micros": _in_euros(sent, sample) + of_told}
        assert report["totals"] == totals, model
        assert sum(row["revenue_micros"] for row in report["rows"]) == report["totals"]["revenue_micros"]
        assert (report["missing_rates"], report["not_computed"]) == ([], 0)
    assert len(reports["LINEAR"]["rows"]) >= 12


def test_every_event_is_stored(running: Running) -> None:
    sample = _sample(running.home.path)
    beacons = browsers(SEED, sample.until_ms)

    counts = get(running.url, f"/v1/sites/{sample.site_id}/ingest?from={sample.days[0]}", sample.api_key)

    # Each buyer who is told says who they are, looks at a page and buys.
    told = 3 * len(BUYERS)
    events = len(traffic(SEED, sample.until_ms)) + sum(len(browser.events) for browser in beacons) + told
    assert (counts["accepted"], counts["failed"]) == (events, 0)


def test_data_driven_models_have_enough_data(running: Running) -> None:
    sample = _sample(running.home.path)

    verdicts = [_report(running, sample, model)["verdict"]["verdict"] for model in DATA_DRIVEN_MODELS]

    assert verdicts == ["ENOUGH_DATA", "ENOUGH_DATA"]


def test_brand_search_takes_credit_that_email_earned(running: Running) -> None:
    sample = _sample(running.home.path)
    earned = {model: _revenue(_report(running, sample, model)) for model in MODELS}
    first, last = earned["FIRST_TOUCH"], earned["LAST_TOUCH"]

    closing = {channel: last.get(channel, 0) - first.get(channel, 0) for channel in first | last}
    assert (max(closing, key=lambda c: closing[c]), min(closing, key=lambda c: closing[c])) == (BRAND_SEARCH, "Email")
    assert last[BRAND_SEARCH] > 5 * first[BRAND_SEARCH]
    for model in ("FIRST_TOUCH", "POSITION_BASED", "MARKOV", "SHAPLEY"):
        assert earned[model]["Email"] > 1.5 * last["Email"], model
        assert earned[model][BRAND_SEARCH] < 0.7 * last[BRAND_SEARCH], model


def test_shop_makes_a_profit_with_good_and_bad_campaigns(running: Running) -> None:
    sample = _sample(running.home.path)
    report = _report(running, sample, "LINEAR", "campaign")
    spend = _report(running, sample, "", "campaign", "spend")

    earned = _revenue(report)
    returns = {row["campaign"]: earned[row["campaign"]] / row["spend_micros"] for row in spend["rows"]}
    assert report["totals"]["revenue_micros"] > 3 * spend["totals"]["spend_micros"] > 0
    assert len(returns) >= 8
    assert 0.4 < min(returns.values()) < 1 < 4 < max(returns.values()) < 7


def test_ads_earn_under_their_own_names(running: Running) -> None:
    sample = _sample(running.home.path)
    earned = _revenue(_report(running, sample, "LINEAR", "ad"))

    ads = {"headline-heron", "hero", "carousel-bedroom", "linen-text", "reading-lamp"}
    assert ads <= {ad for ad, micros in earned.items() if micros > 0}
    assert len(earned) >= 20


def test_a_recompute_changes_nothing(running: Running) -> None:
    sample = _sample(running.home.path)
    # The models learn from the sales that came after they were fitted.
    _recompute(running, sample)
    before = [_report(running, sample, model) for model in MODELS]

    jobs = [_recompute(running, sample) for _ in range(2)]

    assert [job["status"] for job in jobs] == ["SUCCEEDED", "SUCCEEDED"]
    assert [job["changed"] for job in jobs] == [0, 0]
    assert [_report(running, sample, model) for model in MODELS] == before


def _recompute(running: Running, sample: Sample) -> Any:
    request = urllib.request.Request(
        f"{running.url}/v1/sites/{sample.site_id}/attribution/recompute",
        json.dumps({"from": sample.days[0], "to": sample.days[-1]}).encode(),
        {"authorization": f"Bearer {sample.api_key}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        assert answer.status == 202
        job = json.load(answer)
    give_up = time.monotonic() + LIMIT_SECONDS
    while job["status"] not in ("SUCCEEDED", "FAILED"):
        assert time.monotonic() < give_up, job
        time.sleep(0.3)
        job = get(running.url, f"/v1/jobs/{job['job_id']}", sample.api_key)
    return job


def test_the_sample_comes_by_a_dozen_channels(running: Running) -> None:
    sample = _sample(running.home.path)
    channels = {row["channel"] for row in _report(running, sample, "LINEAR")["rows"] if row["touches"]}
    assert len(channels) >= 12


def test_connected_platforms_count_in_place_of_what_was_sent_by_hand(running: Running) -> None:
    sample = _sample(running.home.path)
    # GIVEN the accounts at Meta and TikTok, read as far back as platforms are asked first
    give_up = time.monotonic() + LIMIT_SECONDS
    while _read_whole(running, sample) != {"META", "TIKTOK"}:
        assert time.monotonic() < give_up, "the accounts were not read"
        time.sleep(0.3)

    # THEN their costs count, Meta's dollars in euros, and what was sent of the same campaigns does not
    asked = {"metrics": ["spend", "revenue", "roas", "claimed_roas"], "period": "last30d", "provisional": True}
    found = _asked(running, sample, asked | {"dimensions": ["platform", "platform_campaign"]})
    paid = {tuple(row["keys"]): row["values"] for row in found["rows"] if row["values"][0]}
    assert {("META", "new-rooms"), ("META", "spring_sale"), ("TIKTOK", "unboxing")} < paid.keys()
    assert "SUPERSEDED" in {note["kind"] for note in found["notes"]}
    assert found["currency"] == "EUR"
    for platform, campaign in paid.keys() & {("META", "new-rooms"), ("META", "spring_sale")}:
        spend, revenue, roas, claimed = paid[platform, campaign]
        assert roas == pytest.approx(revenue / spend, rel=1e-6)
        assert claimed > 0
    # AND each campaign's costs are in the channel and under the name of its visits
    by_channel = _asked(running, sample, asked | {"dimensions": ["channel", "campaign"]})
    costly = {tuple(row["keys"]) for row in by_channel["rows"] if row["values"][0]}
    assert {("Paid Social", "new-rooms"), ("Paid Social", "unboxing")} <= costly
    assert by_channel["totals"]["values"][0] == found["totals"]["values"][0]


def _read_whole(running: Running, sample: Sample) -> set[str]:
    """The platforms whose account was read for the first time."""
    syncs = get(running.url, "/v1/ad-syncs", sample.api_key)["items"]
    return {one["platform"] for one in syncs if (one["kind"], one["status"]) == ("BACKFILL", "SUCCEEDED")}


def _asked(running: Running, sample: Sample, question: dict[str, object]) -> Any:
    request = urllib.request.Request(
        f"{running.url}/v1/sites/{sample.site_id}/query",
        json.dumps(question).encode(),
        {"authorization": f"Bearer {sample.api_key}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def test_the_bad_tuesday_is_told_acknowledged_and_over_by_itself(running: Running, olive: ConsoleUser) -> None:
    # GIVEN the alert of the Tuesday
    sample, tuesday = _sample(running.home.path), Season(_sample(running.home.path).until_ms).bad_tuesday
    sentence = f"Conversions on Tuesday, {tuesday.day} {tuesday:%B} were 0; "
    alerts = f"/v1/sites/{sample.site_id}/alerts"
    (alert,) = get(running.url, alerts, sample.api_key)["items"]
    assert alert["title"].startswith(sentence)
    assert "are usual (above all " in alert["title"]
    assert (alert["period"], len(alert["days"])) == (tuesday.isoformat(), 14)
    assert {one["dimension"] for one in alert["contributors"]} == {"channel", "campaign", "landing_page"}
    wait_until(lambda: _mails_of(running, "Conversions on Tuesday"), "the owner has a mail")

    # WHEN the owner follows the bell, and acknowledges it
    page = olive.page
    olive.open("/console")
    page.get_by_role("button", name=re.compile("unread notice")).click()
    page.locator(".bell-list").get_by_role("link", name=sentence).last.click()
    shown = page.get_by_role("region", name="The alert")
    expect(shown.get_by_text(sentence).first).to_be_visible()
    acknowledge = shown.get_by_role("button", name="Acknowledge")
    # The system's own sweep of a quarter of an hour may have ended it just then.
    if get(running.url, f"{alerts}/{alert['alert_id']}", sample.api_key)["status"] == "TRIGGERED":
        acknowledge.click()
        expect(shown.get_by_text("Looked after").or_(shown.get_by_text("Over", exact=True))).to_be_visible()

    # THEN it ends by itself. If this quarter's sweep came while the sample was loaded, the next one's ends it.
    log = LogFile(str(running.home.stream_file))
    remember_run(log, "alerts.start_sweep", system_clock() - 20 * MINUTE_MS)
    log.close()
    one = f"{alerts}/{alert['alert_id']}"
    limit = LIMIT_SECONDS + 15 * MINUTE_MS / 1000
    wait_until(lambda: get(running.url, one, sample.api_key)["status"] == "RESOLVED", "it is over", limit_seconds=limit)
    page.reload()
    expect(shown.get_by_text("It is back to usual.")).to_be_visible()
    expect(acknowledge).to_have_count(0)
    wait_until(lambda: _mails_of(running, "Over: Conversions on Tuesday"), "the owner has a mail of its end")


def test_another_threshold_is_tried_on_the_samples_ninety_days(running: Running, olive: ConsoleUser) -> None:
    sample, page = _sample(running.home.path), olive.page
    tuesday = Season(sample.until_ms).bad_tuesday
    olive.open("/console/alert-rules")
    page.get_by_role("button", name="Change Orders and leads").click()
    form = page.get_by_role("form", name="Change Orders and leads")
    form.get_by_label("By more than").fill("40")
    form.get_by_role("button", name="What would it have done?").click()

    expect(form.get_by_text(re.compile("It would have made [123] alerts? in the last 90 days"))).to_be_visible()
    expect(form.get_by_text(re.compile(f"Tue.* {tuesday.day}.*: 0"))).to_be_visible()
    form.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("The rule is saved.")).to_be_visible()


def _mails_of(running: Running, subject: str) -> list[Path]:
    mails = (running.home.path / "outbox").glob("*.eml")
    return [
        file
        for file in mails
        if str(message_from_bytes(file.read_bytes(), policy=default)["subject"]).startswith(subject)
    ]
