"""Connections and syncs over HTTP, as a person's browser or a program asks."""

import json
from typing import Any

import pytest
from optiq.ads.platforms import registry, vendors
from optiq.kernel.ids import new_id

from functions.ads.routes import handler
from infra.local.ad_platforms.server import Vendors
from infra.local.ad_platforms.world import Account
from tests.functional.ads.synced import ms, row
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request

pytestmark = pytest.mark.usefixtures("table")
D = "2026-10-01"


def ask(organization_id: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
    return answer(handler(request(path, organization_id, method=method, body=json.dumps(body or {})), None))


def connected(running: Vendors, organization_id: str) -> str:
    status, started = ask(organization_id, "POST", "/v1/ad-connections", {"platform": "GOOGLE_ADS"})
    assert (status, started["connection"]) == (202, None)
    state, code = running.world.consent(started["url"])
    status, connection = ask(organization_id, "POST", "/v1/ad-connections/complete", {"state": state, "code": code})
    assert (status, connection["status"]) == (200, "CONNECTED")
    return str(connection["connection_id"])


def test_from_connecting_to_what_was_read(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> None:
    # GIVEN an account at Google
    vendors.world.accounts = [Account("901"), Account("902")]
    vendors.world.by_account["901"] = [row(D, "111", 40)]
    ours = f"/v1/ad-connections/{connected(vendors, organization_id)}"

    # WHEN it is listed and chosen, which begins its first reading, and a sync is asked for
    assert ask(organization_id, "POST", f"{ours}/accounts/refresh") == (200, {"listed": 2})
    status, chosen = ask(organization_id, "PUT", f"{ours}/accounts", {"external_ids": ["901"]})
    assert (status, [one["chosen"] for one in chosen["items"]]) == (200, [True, False])
    wanted = {"platform": "GOOGLE_ADS", "external_id": "901", "from": D}
    status, sync = ask(organization_id, "POST", "/v1/ad-syncs", wanted)
    assert (status, sync["kind"], sync["status"], sync["from"]) == (202, "BACKFILL", "QUEUED", D)

    # THEN it is there, with what is known of its days
    of_first, *more = (one for one in ask(organization_id, "GET", "/v1/ad-syncs")[1]["items"] if one != sync)
    assert (of_first["kind"], of_first["status"], more) == ("BACKFILL", "QUEUED", [])
    status, days = ask(organization_id, "GET", f"/v1/ad-accounts/GOOGLE_ADS/901/days?from={D}&to={D}")
    assert (status, days["restatements"], days["days"]) == (
        200,
        [],
        [{"day": D, "status": "NEVER", "pulled_at": None, "spend_micros": 0}],
    )
    assert ask(organization_id, "POST", f"/v1/ad-syncs/{sync['sync_id']}/cancel")[1]["status"] == "CANCELLED"
    assert ask(organization_id, "POST", f"{ours}/disconnect")[1]["status"] == "DISCONNECTED"


def test_no_answer_has_a_token(vendors: Vendors, organization_id: str) -> None:
    vendors.world.accounts = [Account("901")]
    ours = f"/v1/ad-connections/{connected(vendors, organization_id)}"
    ask(organization_id, "POST", f"{ours}/accounts/refresh")
    vendors.world.revoke()
    answers = [
        ask(organization_id, "POST", f"{ours}/accounts/refresh"),
        ask(organization_id, "POST", f"{ours}/accounts/refresh"),
        *(ask(organization_id, "GET", path) for path in ("/v1/ad-connections", f"{ours}/accounts")),
    ]
    assert [status for status, _ in answers] == [503, 409, 200, 200]
    assert "secret" not in json.dumps(answers)


def test_an_attempt_of_somebody_else_is_forbidden(vendors: Vendors, organization_id: str) -> None:
    _, started = ask(organization_id, "POST", "/v1/ad-connections", {"platform": "META"})
    state, code = vendors.world.consent(started["url"])
    body = {"state": state, "code": code}
    assert ask(new_id("org", 1), "POST", "/v1/ad-connections/complete", body)[0] == 403
    assert ask(organization_id, "POST", "/v1/ad-connections/complete", body)[0] == 200
    assert ask(organization_id, "POST", "/v1/ad-connections/complete", body)[0] == 400


def test_another_organization_reads_nothing(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> None:
    vendors.world.now_ms = ms("2026-10-02T12:00:00+02:00")
    ours = f"/v1/ad-connections/{connected(vendors, organization_id)}"
    vendors.world.accounts = [Account("901")]
    ask(organization_id, "POST", f"{ours}/accounts/refresh")
    stranger = new_id("org", 1)
    for method, path in (
        ("GET", f"{ours}/accounts"),
        ("POST", f"{ours}/disconnect"),
        ("GET", f"/v1/ad-accounts/GOOGLE_ADS/901/days?from={D}&to={D}"),
    ):
        assert ask(stranger, method, path)[0] == 404, path
    assert ask(stranger, "GET", "/v1/ad-connections")[1]["items"] == []


FOURTH = """
from optiq.ads.platforms.contract import VendorAccount
from optiq.ads.platforms.traits import Capabilities

class Door:
    name, title, defaults = "DOOR", "Door to door", {}
    capabilities = Capabilities(signs_in=False)

    def __init__(self, _):
        pass

    def accounts(self, _):
        return [VendorAccount("door", "Door", "EUR", "UTC")]

PLATFORM = Door
"""


def test_another_platform_is_one_file(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, organization_id: str, request: pytest.FixtureRequest
) -> None:
    # GIVEN one more file among the platforms
    (tmp_path / "door.py").write_text(FOURTH)
    monkeypatch.setattr(vendors, "__path__", [*vendors.__path__, str(tmp_path)])
    registry.kinds.cache_clear()
    request.addfinalizer(registry.kinds.cache_clear)

    # WHEN somebody connects it THEN its accounts are there
    offered = ask(organization_id, "GET", "/v1/ad-platforms")[1]["items"]
    assert {"platform": "DOOR", "title": "Door to door", "signs_in": False, "configured": True} in offered
    status, started = ask(organization_id, "POST", "/v1/ad-connections", {"platform": "DOOR"})
    assert status == 202
    ours = f"/v1/ad-connections/{started['connection']['connection_id']}"
    assert ask(organization_id, "POST", f"{ours}/accounts/refresh") == (200, {"listed": 1})
    assert ask(organization_id, "GET", f"{ours}/accounts")[1]["items"][0]["name"] == "Door"
