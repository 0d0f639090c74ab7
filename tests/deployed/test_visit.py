"""One visit through the deployed form, with every function's permissions enforced.

What this cannot show: MiniStack's Athena hands SQL to DuckDB without its parameters, untranslated, so neither the
report route nor an explanation nor a recomputation can answer there. Report and explanation are made instead by their
own code over a copy of the deployed lake, and the failing recomputation shows the workflow's way out. MiniStack answers
/health itself.
"""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.deployed.conftest import Deployment
from tests.deployed.emulator import Answer, Gateway

pytestmark = pytest.mark.deployed

VISITOR = "deployed-visitor-0001"
VALUE_MICROS = 49_900_000
MODELS = {"FIRST_TOUCH", "LAST_TOUCH", "LAST_NON_DIRECT", "LINEAR", "TIME_DECAY", "POSITION_BASED", "W_SHAPED"}
LAKE_TABLES = {"events", "sessions", "touches", "conversions", "credits"}


def _wait_for(what: str, attempt: Callable[[], Any], patience_seconds: float = 600) -> Any:
    """The first true answer. Consumers wait half a minute for a batch, and each starts cold."""
    deadline = time.monotonic() + patience_seconds
    while not (answer := attempt()):
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(1)
    return answer


@pytest.fixture(scope="session")
def visit(deployment: Deployment, site: dict[str, str]) -> dict[str, Answer]:
    """A visit from a campaign in the browser, and the order it led to from the shop's server."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    page = {
        "event_id": f"{VISITOR}.first",
        "kind": "page",
        "timestamp": now,
        "anonymous_id": VISITOR,
        "url": "https://shop.example.com/?utm_source=newsletter&utm_medium=email&utm_campaign=spring",
    }
    order = {
        "event": "Order Completed",
        "anonymousId": VISITOR,
        "messageId": "order-1",
        "properties": {"revenue": 49.90, "currency": "EUR"},
    }
    write_key = base64.b64encode(f"{site['write_key']}:".encode()).decode()
    send = deployment.gateway.send
    return {
        "page": send("POST", "/b", {"k": site["public_key"], "sent_at": now, "events": [page]}),
        "order": send("POST", "/v1/track", order, {"authorization": f"Basic {write_key}"}),
    }


@pytest.fixture(scope="session")
def listed(deployment: Deployment, site: dict[str, str], visit: dict[str, Answer]) -> dict[str, Any]:
    """The visit's conversion in the list of all."""
    assert (visit["page"].status, visit["order"].status) == (202, 200)
    (summary,) = _wait_for(
        "the conversion is not listed", lambda: _get(deployment.gateway, site, "/conversions")["items"]
    )
    found: dict[str, Any] = summary
    return found


@pytest.fixture(scope="session")
def lake(deployment: Deployment, listed: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the deployed lake, once the visit's credits are there."""
    bucket = deployment.named(deployment.data, "LakeBucket")
    s3 = deployment.emulator.client("s3")

    def written() -> Any:
        found = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket, Prefix="lake/").get("Contents", ())]
        return found if {key.split("/")[1] for key in found} == LAKE_TABLES else None

    copy = tmp_path_factory.mktemp("copy")
    for key in _wait_for("the lake lacks a table", written):
        file = copy / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    return copy / "lake"


def _read(deployment: Deployment, lake: Path, *arguments: str) -> Any:
    """What a route of the site would answer."""
    environment = os.environ | deployment.emulator.environment
    environment |= {
        "OPTIQ_SUBSTRATE": "embedded",
        "OPTIQ_TABLE": deployment.named(deployment.data, "Table"),
        "OPTIQ_TABLE_ENDPOINT": deployment.emulator.endpoint,
        "OPTIQ_LAKE": str(lake),
    }
    script = Path(__file__).parent / "read_over_lake.py"
    # What goes wrong there is seen here.
    done = subprocess.run(
        [sys.executable, script, *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def conversion(deployment: Deployment, site: dict[str, str], listed: dict[str, Any], lake: Path) -> dict[str, Any]:
    """The visit's conversion, explained."""
    explained: dict[str, Any] = _read(
        deployment, lake, "explain", site["organization_id"], site["site_id"], listed["conversion_id"]
    )
    return explained


def _get(gateway: Gateway, site: dict[str, str], path: str) -> Any:
    answer = gateway.send(
        "GET", f"/v1/sites/{site['site_id']}{path}", headers={"authorization": f"Bearer {site['api_key']}"}
    )
    assert answer.status == 200, answer.body
    return answer.json


def test_the_tracker_script_is_served(deployment: Deployment) -> None:
    answer = deployment.gateway.send("GET", "/o.js")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert len(answer.body) > 1000


def test_the_api_describes_itself(deployment: Deployment) -> None:
    answer = deployment.gateway.send("GET", "/openapi.json")

    assert answer.status == 200
    assert "/v1/sites/{site_id}/attribution" in answer.json["paths"]


def test_management_routes_need_a_key(deployment: Deployment, site: dict[str, str]) -> None:
    path = f"/v1/sites/{site['site_id']}/conversions"

    assert deployment.gateway.send("GET", path).status == 403
    refused = deployment.gateway.send("GET", path, headers={"authorization": "Bearer ok_not-a-key"})
    assert refused.status == 403


def test_an_unknown_site_key_is_refused(deployment: Deployment) -> None:
    answer = deployment.gateway.send("POST", "/b", {"k": "pk_unknown", "events": [{"kind": "page"}]})

    assert 400 <= answer.status < 500


def test_an_order_is_credited_to_the_campaign_by_every_model(conversion: dict[str, Any]) -> None:
    (touch,) = conversion["path"]

    assert (conversion["value_micros"], conversion["currency"]) == (VALUE_MICROS, "EUR")
    assert (touch["channel"], touch["source"], touch["campaign"]) == ("Email", "newsletter", "spring")
    assert {credit["model"] for credit in conversion["credits"]} == MODELS
    for credit in conversion["credits"]:
        assert [share["credit_micros"] for share in credit["touches"]] == [VALUE_MICROS]


def test_every_event_is_accounted_for(deployment: Deployment, site: dict[str, str], conversion: dict[str, Any]) -> None:
    first, last = (datetime.now(UTC).date() + timedelta(days=days) for days in (-1, 1))

    counts = _get(deployment.gateway, site, f"/ingest?from={first}&to={last}")

    assert counts == {
        "accepted": 2,
        "stored": 2,
        "duplicates": 0,
        "failed": 0,
        "left_out": {},
        "warned": 0,
        "not_kept": 0,
        "held": 0,
    }


def test_the_report_over_the_deployed_lake_holds_the_order(
    deployment: Deployment, site: dict[str, str], conversion: dict[str, Any], lake: Path
) -> None:
    day = conversion["occurred_at"][:10]

    found = _read(deployment, lake, "report", site["organization_id"], site["site_id"], "LINEAR", "campaign", day)

    assert found == {"rows": [["spring", 1.0, VALUE_MICROS]], "conversions": 1, "revenue_micros": VALUE_MICROS}


def test_a_recomputation_that_cannot_read_the_lake_says_so_in_its_job(
    deployment: Deployment, site: dict[str, str]
) -> None:
    authorization = {"authorization": f"Bearer {site['api_key']}"}
    today = datetime.now(UTC).date().isoformat()

    # When a recomputation is asked for
    answer = deployment.gateway.send(
        "POST",
        f"/v1/sites/{site['site_id']}/attribution/recompute",
        {"from": today, "to": today},
        authorization,
    )
    assert answer.status == 202, answer.body

    # Then the state machine runs its functions, tries again, and ends in the job
    def ended() -> Any:
        job = deployment.gateway.send("GET", f"/v1/jobs/{answer.json['job_id']}", headers=authorization).json
        return job if job["status"] in ("SUCCEEDED", "FAILED") else None

    job = _wait_for("the job does not end", ended)
    assert job["status"] == "FAILED"
    assert "query" in job["reason"]


def test_nothing_was_given_up_on(deployment: Deployment, conversion: dict[str, Any]) -> None:
    bucket = deployment.named(deployment.data, "FailuresBucket")

    assert "Contents" not in deployment.emulator.client("s3").list_objects_v2(Bucket=bucket)
