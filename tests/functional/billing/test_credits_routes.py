"""Credits over HTTP."""

import json
from typing import Any

import pytest
from optiq.billing import api as billing
from optiq.billing.contracts import Source
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS

from functions.billing import routes
from tests.functional.reports.http import request
from tests.support.callers import by_key_of


def ask(
    organization_id: str, path: str = "/v1/credits", method: str = "GET", body: object = None, role: str = "OWNER"
) -> tuple[int, Any]:
    event = request(path, organization_id, method=method, body="" if body is None else json.dumps(body))
    event["requestContext"]["authorizer"] = by_key_of(organization_id, role=role)
    answer = routes.handler(event, None)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.mark.parametrize(
    ("role", "seen", "redeemed"), [("OWNER", 200, 404), ("ADMIN", 200, 403), ("MEMBER", 403, 403), ("VIEWER", 403, 403)]
)
def test_credits_are_seen_by_admins_and_changed_by_owners(
    table: object, organization_id: str, role: str, seen: int, redeemed: int
) -> None:
    for path in ("", "/entries", "/lots", "/holds", "/check", "/packages"):
        assert ask(organization_id, f"/v1/credits{path}", role=role)[0] == seen
    assert ask(organization_id, "/v1/vouchers/redeem", "POST", {"code": "NONE-SUCH"}, role=role)[0] == redeemed


def test_balance_is_nothing_before_the_first_entry(table: object, organization_id: str) -> None:
    assert ask(organization_id) == (
        200,
        {
            "available": 0,
            "held": 0,
            "overdraft": 0,
            "plan": None,
            "monthly_credits": 0,
            "max_rollover": 0,
            "renews_at": None,
            "bonus_percent": 0,
            "entries": 0,
        },
    )


def test_credits_show_what_there_is_and_every_change(table: object, organization_id: str) -> None:
    caller = Caller.system(organization_id)
    billing.grant(caller, 100, kind="BONUS", source=Source("test", "1"), note="a present")
    billing.hold(caller, "job_1", 40, product="image", ttl_ms=HOUR_MS)
    billing.capture(caller, "job_1", 25, source=Source("job", "1"))

    (_, balance), (_, lots), (_, holds) = (
        ask(organization_id, f"/v1/credits{path}") for path in ("", "/lots", "/holds")
    )
    assert (balance["available"], balance["held"], balance["entries"]) == (60, 15, 3)
    assert lots["items"] == [{"kind": "BONUS", "remaining": 60, "expires_at": None, "paid": False}]
    assert [(one["hold_id"], one["product"], one["left"]) for one in holds["items"]] == [("job_1", "image", 15)]

    _, first = ask(organization_id, "/v1/credits/entries?limit=2")
    _, second = ask(organization_id, f"/v1/credits/entries?limit=2&cursor={first['cursor']}")
    entries = first["items"] + second["items"]
    assert second["cursor"] is None
    assert [(one["sequence"], one["type"], one["amount"], one["balance_after"]) for one in entries] == [
        (3, "CAPTURE", 0, 60),
        (2, "HOLD", -40, 60),
        (1, "EARN_BONUS", 100, 100),
    ]
    assert entries[0]["postings"] == {"HELD": -25, "SPENT.image": 25}
    assert (entries[2]["note"], entries[2]["source_kind"], entries[2]["product"]) == ("a present", "test", None)


def test_credits_of_another_organization_are_not_shown(table: object, organization_id: str) -> None:
    billing.grant(Caller.system(f"{organization_id}X"), 100, kind="BONUS", source=Source("test", "1"))

    assert ask(organization_id)[1]["available"] == 0
    assert ask(organization_id, "/v1/credits/entries")[1]["items"] == []


def test_cursor_of_another_ledger_is_refused(table: object, organization_id: str) -> None:
    caller = Caller.system(f"{organization_id}Y")
    for number in range(2):
        billing.grant(caller, 100, kind="BONUS", source=Source("test", str(number)))
    cursor = ask(caller.organization_id, "/v1/credits/entries?limit=1")[1]["cursor"]

    assert ask(organization_id, f"/v1/credits/entries?cursor={cursor}")[0] == 400
