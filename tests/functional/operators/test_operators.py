"""The operator's key: what it opens, and that nothing else opens the same."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.identity import api as identity
from optiq.identity.people import admission, throttle
from optiq.identity.people import api as people
from optiq.kernel import operator_key
from optiq.kernel.caller import OPERATOR
from optiq.kernel.clock import SECOND_MS, system_clock
from optiq.kernel.ids import new_id
from optiq.kernel.operator_key import OperatorKey
from optiq.operators import api as operators
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite
from optiq.tenancy.members import api as members

from functions.identity import authorizer
from infra.routes import routes
from tests.functional.identity.browser import Answer, Browser
from tests.functional.identity.people import PASSWORD, new_address
from tests.functional.tenancy.api_document import Operation, operations
from tests.functional.tenancy.organizations import Company

pytestmark = pytest.mark.usefixtures("table")

ROUTES = [each for each in operations() if each.route.operator]
TENANTS = [each for each in operations() if each.route.needs]


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


@pytest.fixture
def site(table: object) -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


def _key(organization_id: str = "", seconds: int = 60, secret: bytes | None = None) -> str:
    expires_s = system_clock() // SECOND_MS + seconds
    return operator_key.sign(secret or wiring.platform_secret(), OperatorKey(expires_s, organization_id))


def _ask(browser: Browser, key: str, method: str, path: str, body: object = None) -> Answer:
    return browser(method, path, body, authorization=f"Bearer {key}")


def _named(operation: Operation, site: NewSite) -> str:
    """Its path, with this site and ids of nothing."""
    ids = {name: f"{name}_{new_id('x', 1)[2:]}" for name in operation.parameters}
    return operation.path(ids | {"site_id": site.site.site_id})


@pytest.mark.parametrize("operation", ROUTES, ids=lambda each: each.route.key)
def test_operators_route_refuses_everything_but_the_operators_key(
    browser: Browser, site: NewSite, operation: Operation
) -> None:
    someone, good = Company().owner, _key()
    stamp, _, tag = good.removeprefix("op_").split(".")
    changed = "A" if tag[0] != "A" else "B"
    wrong = {
        "none": "",
        "session": someone.signed_in.secret,
        "personal key": people.create_key(someone.person, "ci", ["reports:read"], someone.client).secret,
        "API key": site.api_key,
        "write key": site.write_key,
        "public key": site.public_key,
        "of one organization": _key(site.site.organization_id),
        "expired": _key(seconds=-1),
        "of another secret": _key(secret=b"another" * 5),
        "longer": f"op_{int(stamp) + 1}..{tag}",
        "another tag": f"op_{stamp}..{changed}{tag[1:]}",
        "another spelling": f"op_0{stamp}..{tag}",
        "padded": f"{good}=",
        "no tag": f"op_{stamp}..",
        "prefix": "op_",
        "long": "op_" + "1" * 5_000,
    }

    asked = (operation.route.method, _named(operation, site), operation.body)
    answers = {name: _ask(browser, key, *asked) for name, key in wrong.items()}
    browser.jar["__Host-optiq"] = good
    answers["in a cookie"] = browser(*asked)

    assert {name for name, answer in answers.items() if answer.status != 401} == set()


@pytest.mark.parametrize("operation", TENANTS, ids=lambda each: each.route.key)
def test_tenants_route_refuses_a_key_of_no_organization(browser: Browser, site: NewSite, operation: Operation) -> None:
    answer = _ask(browser, _key(), operation.route.method, _named(operation, site), operation.body)

    assert answer.status == 401


def test_authorizer_opens_no_operators_route_to_people_and_their_keys(site: NewSite) -> None:
    someone = Company().owner
    personal = people.create_key(someone.person, "ci", ["reports:read"], someone.client).secret
    for secret in (someone.signed_in.secret, personal, site.api_key):
        headers = {"authorization": f"Bearer {secret}"}
        assert authorizer.handler({"routeKey": "GET /v1/sites", "headers": headers}, None)["isAuthorized"]
        for operation in ROUTES:
            assert not authorizer.handler({"routeKey": operation.route.key, "headers": headers}, None)["isAuthorized"]


def test_authorizer_lets_each_kind_of_operators_key_through_to_its_own_routes_alone(table: object) -> None:
    # The handlers refuse wrong keys too, so this asks the authorizer itself.
    organization_id = new_id("org", system_clock())
    for route in routes():
        for key, opened in ((_key(), route.operator), (_key(organization_id), not route.operator)):
            if not route.is_open:
                event = {"routeKey": route.key, "headers": {"authorization": f"Bearer {key}"}}
                assert authorizer.handler(event, None)["isAuthorized"] == opened, route.key


def test_key_for_one_organization_sees_that_one_alone(browser: Browser, site: NewSite) -> None:
    other = tenancy.create_site(name="Other", domains=["other.example"])
    key, mine, theirs = _key(site.site.organization_id), site.site.site_id, other.site.site_id

    seen = [_ask(browser, key, "GET", f"/v1/sites/{site_id}") for site_id in (mine, theirs, mine)]
    of_other = _ask(browser, _key(other.site.organization_id), "GET", f"/v1/sites/{theirs}")

    assert [answer.status for answer in (*seen, of_other)] == [200, 404, 200, 200]
    assert _ask(browser, key, "GET", "/v1/organization").json()["organization_id"] == site.site.organization_id
    assert [each["site_id"] for each in _ask(browser, key, "GET", "/v1/sites").json()["items"]] == [mine]
    assert _ask(browser, key, "GET", "/v1/me").status == 403


def test_enter_writes_who_looks_and_why_before_it_gives_a_key(browser: Browser, site: NewSite) -> None:
    body = {"site_id": site.site.site_id, "purpose": "site show"}
    answer = _ask(browser, _key(), "POST", "/v1/operator/access", body)

    newest = audit.entries(site.site.organization_id).items[0].change
    assert answer.status == 200
    assert (newest.actor, newest.action, newest.entity) == (OPERATOR, "data.accessed", site.site.site_id)
    assert (newest.after, bool(newest.origin.network)) == ({"command": "site show"}, True)
    assert _ask(browser, answer.json()["key"], "GET", f"/v1/sites/{site.site.site_id}").status == 200

    # What it changes there is entered as the operator's.
    changed = _ask(browser, answer.json()["key"], "PATCH", f"/v1/sites/{site.site.site_id}", {"name": "Another"})
    newest = audit.entries(site.site.organization_id).items[0].change
    assert (changed.status, newest.actor, newest.action) == (200, OPERATOR, "site.changed")
    assert audit.verify(site.site.organization_id).fault == ""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"purpose": "x"}, 400),
        ({"organization_id": "org_1", "site_id": "site_1", "purpose": "x"}, 400),
        ({"organization_id": "org_1"}, 400),
        ({"organization_id": "org_1", "purpose": "a\nb"}, 400),
        ({"organization_id": "org_1", "purpose": "x"}, 404),
        ({"site_id": "site_1", "purpose": "x"}, 404),
    ],
)
def test_enter_gives_no_key_for_what_is_not_there(browser: Browser, body: Any, status: int) -> None:
    answer = _ask(browser, _key(), "POST", "/v1/operator/access", body)

    assert (answer.status, "op_" in answer.body.decode()) == (status, False)


def test_created_organization_is_listed_and_its_owner_signs_in(browser: Browser) -> None:
    email, key = new_address(), _key()
    user = _ask(browser, key, "POST", "/v1/operator/users", {"email": email, "name": "Ann", "password": PASSWORD})
    body = {"name": "Agency", "currency": "USD", "timezone": "Europe/Berlin", "owner_email": email}
    created = _ask(browser, key, "POST", "/v1/operator/organizations", body)

    assert (user.status, created.status) == (201, 201)
    organization_id = created.json()["organization_id"]
    assert members.is_member(organization_id, user.json()["user_id"], system_clock())
    assert tenancy.get_organization(organization_id).timezone == "Europe/Berlin"
    assert created.json() in list(_all_organizations(browser, key))
    repeated = _ask(browser, key, "POST", "/v1/operator/users", {"email": email, "name": "Ann", "password": PASSWORD})
    assert repeated.status == 409
    nobody = _ask(browser, key, "POST", "/v1/operator/organizations", body | {"owner_email": new_address()})
    assert (nobody.status, b"owner_email: no user has this e-mail" in nobody.body) == (404, True)


def _all_organizations(browser: Browser, key: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = _ask(browser, key, "GET", f"/v1/operator/organizations?limit=100{cursor}").json()
        yield from page["items"]
        if page["cursor"] is None:
            return
        cursor = f"&cursor={page['cursor']}"


def test_organizations_come_in_pages_that_miss_none(browser: Browser, site: NewSite) -> None:
    key = _key()
    first = _ask(browser, key, "GET", "/v1/operator/organizations?limit=1").json()
    found = [each["organization_id"] for each in _all_organizations(browser, key)]

    assert first["items"][0]["organization_id"] == found[0]
    assert site.site.organization_id in found
    assert found == sorted(set(found), reverse=True)


def test_created_user_owns_the_organization_that_is_named(browser: Browser, site: NewSite) -> None:
    body = {"email": new_address(), "name": "Ann", "password": PASSWORD}
    missing = _ask(browser, _key(), "POST", "/v1/operator/users", body | {"organization_id": "org_1"})
    created = _ask(browser, _key(), "POST", "/v1/operator/users", body | {"organization_id": site.site.organization_id})

    assert (missing.status, created.status) == (404, 201)
    assert members.is_member(site.site.organization_id, created.json()["user_id"], system_clock())


def test_created_site_has_keys_that_work(browser: Browser, site: NewSite) -> None:
    body = {"name": "Second", "domains": ["two.example"], "organization_id": site.site.organization_id}
    created = _ask(browser, _key(), "POST", "/v1/operator/sites", body).json()

    assert identity.authenticate_manager(created["api_key"]).organization_id == site.site.organization_id
    assert identity.authenticate_sender(created["write_key"]).site_id == created["site_id"]
    alone = _ask(browser, _key(), "POST", "/v1/operator/sites", body | {"organization_id": ""}).json()
    assert alone["organization_id"] != site.site.organization_id


def test_operators_routes_share_one_limit(browser: Browser, monkeypatch: pytest.MonkeyPatch, site: NewSite) -> None:
    limit = throttle.Limit(new_id("x", system_clock()), 2, 600)
    monkeypatch.setattr(throttle, "OPERATOR_REQUESTS", limit)
    key, body = _key(), {"site_id": site.site.site_id, "purpose": "x"}

    answers = [_ask(browser, key, "POST", "/v1/operator/access", body) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert int(answers[-1].header("retry-after")) > 0


def test_every_operators_verb_counts_against_the_limit(monkeypatch: pytest.MonkeyPatch, browser: Browser) -> None:
    monkeypatch.setattr(throttle, "OPERATOR_REQUESTS", throttle.Limit(new_id("x", system_clock()), 0, 600))
    bodies = {"POST /v1/operator/access": {"site_id": "site_1", "purpose": "x"}}

    # A heavy request is answered by a process of its own, in which the limit is as it always is.
    for each in (one for one in ROUTES if not one.route.heavy):
        body = bodies.get(each.route.key, each.body)
        assert (
            _ask(browser, _key(), each.route.method, each.path(dict.fromkeys(each.parameters, "x")), body).status == 429
        ), each.route.key


def test_unclaimed_counts_the_latest_days_first() -> None:
    days = [each.day for each in operators.unclaimed(3)]

    assert days == sorted(days, reverse=True)
    assert len(days) == 3


def test_key_is_signed_with_all_that_the_platforms_secret_gives() -> None:
    key = _key(new_id("org", system_clock()))
    tag = base64.urlsafe_b64decode(key.rpartition(".")[2] + "=")

    assert len(tag) == 32
    assert operator_key.read(wiring.platform_secret(), key, system_clock()).organization_id in key
