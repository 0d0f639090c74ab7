"""The sample, as `make run` loads it: every model's report equals the conversions, to the micro."""

import json
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.clock import day_of, from_rfc3339, parse_timezone
from optiq.kernel.money import to_micros

from infra.local.sample.load import SEED, Sample
from infra.local.sample.rates import reference_rates
from infra.local.sample.traffic import DAYS, traffic
from infra.local.system import Running, running_system
from tests.system.sites import get

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

MODELS = ("FIRST_TOUCH", "LAST_TOUCH", "LAST_NON_DIRECT", "LINEAR", "TIME_DECAY", "POSITION_BASED")
BERLIN = parse_timezone("Europe/Berlin")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("home")
    with running_system(home, sample=True) as system:
        give_up = time.monotonic() + 120
        while not (home / "sample.json").exists() or not _sample(home).loaded:
            assert time.monotonic() < give_up, "the sample was not loaded"
            time.sleep(0.5)
        yield system


def _sample(home: Path) -> Sample:
    return Sample(**json.loads((home / "sample.json").read_text()))


def _report(running: Running, sample: Sample, model: str) -> Any:
    days = f"from={sample.days[0]}&to={sample.days[-1]}"
    return get(running.url, f"/v1/sites/{sample.site_id}/attribution?model={model}&{days}", sample.api_key)


def _conversions(running: Running, sample: Sample) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = get(running.url, f"/v1/sites/{sample.site_id}/conversions?limit=40{cursor}", sample.api_key)
        found += page["items"]
        if page["cursor"] is None:
            return found
        cursor = f"&cursor={page['cursor']}"


def _in_euros(conversions: list[tuple[int, str, int]], sample: Sample) -> int:
    """The sum of the conversions (instant, currency, micros), each converted at the rate of its day, half up."""
    rows = reference_rates(SEED, date.fromisoformat(sample.days[-1]), DAYS + 10).splitlines()[1:]
    dollars = {date.fromisoformat(row.split(",")[0]): Fraction(row.split(",")[1]) for row in rows}
    total = 0
    for occurred_ms, currency, micros in conversions:
        day = day_of(occurred_ms, BERLIN)
        while day not in dollars:
            day -= timedelta(days=1)
        exact = Fraction(micros) / (dollars[day] if currency == "USD" else 1)
        total += int(exact + Fraction(1, 2))
    return total


def test_the_printed_sign_in_opens_the_samples_report(running: Running) -> None:
    sample = _sample(running.home.path)
    said = {"email": sample.email, "password": sample.password, "as_token": True}
    token = _post(running, "/v1/sign-in", said)["session_token"]
    (mine,) = get(running.url, "/v1/organizations", token)["items"]
    assert (mine["organization"]["organization_id"], mine["role"]) == (sample.organization_id, "OWNER")

    days = f"from={sample.days[0]}&to={sample.days[-1]}"
    report = get(running.url, f"/v1/sites/{sample.site_id}/attribution?{days}", token)
    assert report["totals"]["conversions"] > 0


def _post(running: Running, path: str, body: object) -> Any:
    request = urllib.request.Request(running.url + path, json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_every_models_total_equals_what_was_sent(running: Running) -> None:
    sample = _sample(running.home.path)
    sent = [
        (from_rfc3339(m["timestamp"]), m["properties"]["currency"], to_micros(m["properties"]["revenue"]))
        for m in traffic(SEED, sample.until_ms).messages
        if m.get("event") == "Order Completed"
    ]
    assert {currency for _, currency, _ in sent} == {"EUR", "USD"}

    listed = _conversions(running, sample)
    reports = {model: _report(running, sample, model) for model in MODELS}

    assert sorted((from_rfc3339(c["occurred_at"]), c["currency"], c["value_micros"]) for c in listed) == sorted(sent)
    for model, report in reports.items():
        assert report["totals"] == {"conversions": len(sent), "revenue_micros": _in_euros(sent, sample)}, model
        assert sum(row["revenue_micros"] for row in report["rows"]) == report["totals"]["revenue_micros"]
        assert report["missing_rates"] == []
    assert len(reports["LINEAR"]["rows"]) >= 12


def test_a_recompute_changes_nothing(running: Running) -> None:
    sample = _sample(running.home.path)
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
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 202
        job = json.load(answer)
    give_up = time.monotonic() + 90
    while job["status"] not in ("SUCCEEDED", "FAILED"):
        assert time.monotonic() < give_up, job
        time.sleep(0.3)
        job = get(running.url, f"/v1/jobs/{job['job_id']}", sample.api_key)
    return job


def test_the_sample_comes_by_a_dozen_channels(running: Running) -> None:
    sample = _sample(running.home.path)
    days = f"from={sample.days[0]}&to={sample.days[-1]}"
    spend = get(running.url, f"/v1/sites/{sample.site_id}/spend?{days}", sample.api_key)

    channels = {row["channel"] for row in _report(running, sample, "LINEAR")["rows"] if row["touches"]}
    assert len(channels) >= 12
    assert spend["totals"]["spend_micros"] > 0
