"""Every POST that creates or moves something takes an Idempotency-Key: sent twice, it is done once.

The routes come from the OpenAPI document, and what they need from the test that asks each change.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from optiq.audit import api as audit
from optiq.audit.contracts import Entry
from optiq.identity.people import admission
from optiq.kernel import operator_key
from optiq.kernel.clock import SECOND_MS, system_clock
from optiq.kernel.ids import new_id
from optiq.kernel.operator_key import OperatorKey
from optiq.kernel.settings import settings
from optiq.ports import wiring
from optiq.tenancy.contracts import NewSite
from optiq.tenancy.members import api as members
from types_boto3_dynamodb import DynamoDBClient

from infra.local.gateway import Gateway
from tests.functional.audit.test_every_change_is_entered import NEED_STRIPE, SAID, THINGS, World, world_for
from tests.functional.audit.test_every_change_is_entered import owner as owner
from tests.functional.audit.test_every_change_is_entered import site as site
from tests.functional.identity.browser import Answer, Browser
from tests.functional.identity.people import PASSWORD, Someone
from tests.functional.tenancy.api_document import Operation, operations
from tests.functional.tenancy.organizations import Company

pytestmark = pytest.mark.usefixtures("table")

KEYED = [each for each in operations() if each.route.takes_key and each.route.key not in NEED_STRIPE]
_PROVEN: dict[str, object] = {
    "POST /v1/me/two-factor": {"password": PASSWORD},
    # Others may have created a link of the example's path.
    "POST /v1/sites/{site_id}/links": lambda _: {"path": _new_key(), "target": "https://shop.example/"},
    "POST /v1/operator/access": lambda world: {"organization_id": world.company.organization_id, "purpose": "test"},
    "POST /v1/operator/credits/adjustments": lambda world: {
        "organization_id": world.company.organization_id,
        "amount": 100,
        "note": "an outage",
    },
}
_OF_THE_REQUEST = {"x-request-id", "idempotent-replayed", "ratelimit", "ratelimit-policy"}


def _new_key() -> str:
    return new_id("key", system_clock())


def _headers_of(answer: Answer) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers if name not in _OF_THE_REQUEST]


def _sign_in(browser: Browser, company: Company) -> None:
    browser.jar["__Host-optiq"] = company.hire("OWNER").signed_in.secret


@pytest.mark.parametrize("operation", KEYED, ids=lambda operation: operation.route.key)
def test_change_is_made_once(
    browser: Browser, company: Company, owner: Someone, site: NewSite, operation: Operation
) -> None:
    # GIVEN a change that was made with a key
    world, key = world_for(operation, company, owner, site), operation.route.key
    for name in operation.parameters:
        world.ids[name] = THINGS.get(f"{key} {name}", THINGS[name])(world)
    said = {**_PROVEN, **SAID}.get(key, operation.body)
    body, path, idempotency_key = said(world) if callable(said) else said, operation.path(world.ids), _new_key()
    browser.jar["__Host-optiq"] = world.asks.signed_in.secret
    key_header = {"idempotency_key": idempotency_key}
    if operation.route.operator:
        browser.jar.clear()
        key_header["authorization"] = f"Bearer {_operators_key()}"
    first = browser("POST", path, body, **key_header)
    assert first.status in (200, 201, 202, 204), first.body
    made = _newest_entries(world)

    # WHEN it is sent again, and then another with its key
    again = browser("POST", path, body, **key_header)
    other = browser("POST", path, {"another": True}, **key_header)

    # THEN it gets the same answer, nothing is done, and the other is refused
    assert (again.status, again.body, _headers_of(again)) == (first.status, first.body, _headers_of(first))
    assert (first.header("idempotent-replayed"), again.header("idempotent-replayed")) == ("", "true")
    assert again.header("x-request-id") != first.header("x-request-id")
    assert (other.status, other.json()["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert _newest_entries(world) == made


def _operators_key() -> str:
    ends_s = system_clock() // SECOND_MS + 600
    return operator_key.sign(wiring.platform_secret(), OperatorKey(ends_s, ""))


def _newest_entries(world: World) -> list[Entry]:
    """Of what was done by who asks, the last in each log."""
    user_id = world.asks.user_id
    found = {one.organization_id for one, _ in members.organizations_of(world.asks.person)} | world.logs
    return [entry for log in sorted(found) for entry in audit.entries(log, actor=user_id, limit=1).items]


def test_two_equal_requests_at_once_create_one_thing(gateway: Gateway, company: Company) -> None:
    browsers = [Browser(gateway) for _ in range(2)]
    _sign_in(browsers[0], company)
    browsers[1].jar = dict(browsers[0].jar)
    together, name = threading.Barrier(2), _new_key()

    def create(browser: Browser) -> Answer:
        together.wait()
        return browser("POST", "/v1/roles", {"name": name, "permissions": ["ads:write"]}, idempotency_key=name)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(create, browsers))

    assert [role.name for role in members.list_roles(company.actor())].count(name) == 1
    refused = [answer for answer in answers if answer.status != 201]
    assert all(one.json()["code"] == "IDEMPOTENCY_KEY_IN_USE" and one.header("retry-after") == "1" for one in refused)
    replayed = [answer for answer in answers if answer.header("idempotent-replayed")]
    assert len(refused) + len(replayed) == 1


def test_kept_answer_is_refused_to_who_lost_the_permission(
    browser: Browser, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)
    admin, key = company.hire("ADMIN"), _new_key()
    browser.jar["__Host-optiq"] = admin.signed_in.secret
    assert browser("POST", "/v1/teams", {"name": key}, idempotency_key=key).status == 201

    members.change_member(company.actor(), admin.user_id, {"role": "VIEWER"})

    assert browser("POST", "/v1/teams", {"name": key}, idempotency_key=key).status == 403


def test_key_of_one_organization_answers_no_other(browser: Browser, company: Company) -> None:
    key, other = _new_key(), Company()
    body = {"name": key}
    _sign_in(browser, company)
    mine = browser("POST", "/v1/teams", body, idempotency_key=key)
    _sign_in(browser, other)
    theirs = browser("POST", "/v1/teams", body, idempotency_key=key)

    assert (mine.status, theirs.status) == (201, 201)
    assert mine.json()["team_id"] != theirs.json()["team_id"]
    assert theirs.header("idempotent-replayed") == ""


def test_refused_request_may_be_put_right_with_its_key(browser: Browser, company: Company) -> None:
    key = _new_key()
    _sign_in(browser, company)

    assert browser("POST", "/v1/teams", {"nam": key}, idempotency_key=key).status == 400
    assert browser("POST", "/v1/teams", {"name": key}, idempotency_key=key).status == 201


def test_key_that_cannot_be_is_refused_before_anything_is_done(browser: Browser, company: Company) -> None:
    _sign_in(browser, company)
    answer = browser("POST", "/v1/teams", {"name": "Nothing"}, idempotency_key="x" * 256)

    assert (answer.status, answer.json()["code"]) == (400, "INVALID")
    assert (
        browser("GET", "/v1/teams").json()["items"] == [] or "Nothing" not in browser("GET", "/v1/teams").body.decode()
    )


def test_secret_in_an_answer_is_nowhere_in_the_table(browser: Browser, company: Company, table: DynamoDBClient) -> None:
    key, body = _new_key(), {"name": "ci", "scopes": ["reports:read"]}
    _sign_in(browser, company)
    made = browser("POST", "/v1/me/api-keys", body, idempotency_key=key).json()
    secret = next(value for value in made.values() if isinstance(value, str) and value.startswith("ok_"))
    pages = table.get_paginator("scan").paginate(TableName=settings().table)
    items = repr([item for page in pages for item in page["Items"]])

    assert browser("POST", "/v1/me/api-keys", body, idempotency_key=key).json() == made
    assert "ANSWER" in items
    assert not [hidden for hidden in (secret, key) if hidden in items]
