"""Organizations and people over HTTP: through the gateway, the authorizer and the handlers."""

from collections import defaultdict
from typing import Any

import pytest
from optiq.identity import api as identity
from optiq.identity.people import admission
from optiq.identity.people import api as people
from optiq.kernel import operator_key
from optiq.kernel.caller import Caller
from optiq.kernel.ids import new_id
from optiq.kernel.operator_key import OperatorKey
from optiq.kernel.permissions import ROLES
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

from tests.functional.identity.browser import Answer, Browser
from tests.functional.identity.people import Someone, newest_link
from tests.functional.tenancy.api_document import Operation, operations
from tests.functional.tenancy.organizations import Company, employ, one_of_each
from tests.functional.things import EVERYBODYS

pytestmark = pytest.mark.usefixtures("table")
SESSION = "__Host-optiq"


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request asks the table: here a change holds at once."""
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


def _as(browser: Browser, someone: Someone) -> Browser:
    browser.jar[SESSION] = someone.signed_in.secret
    return browser


def _site(company: Company) -> str:
    made = tenancy.add_site(tenancy.operator(company.organization_id), name="Secret Shop", domains=["a.example"])
    return made.site_id


def _ask(browser: Browser, operation: Operation, ids: dict[str, str]) -> Answer:
    return browser(operation.route.method, operation.path(ids), operation.body)


def test_every_route_that_names_a_thing_says_404_of_another_tenants(browser: Browser, company: Company) -> None:
    # GIVEN an owner, who may do all in their own organization, and things of another
    theirs = one_of_each(company)
    nobodys = {name: f"{value.partition('_')[0]}_{new_id('x', 1)[2:]}" for name, value in theirs.items()}
    _as(browser, Company().owner)

    # WHEN every route is asked of them
    guarded = [each for each in operations() if each.route.needs and each.parameters]
    answers = {each.route.key: (_ask(browser, each, theirs), _ask(browser, each, nobodys)) for each in guarded}

    # THEN they get the same answer as of what does not exist
    assert {key: found.body for key, (found, _) in answers.items() if found.status != 404} == {}
    assert {key: found.body for key, (found, other) in answers.items() if found.body != other.body} == {}
    assert not [key for key, (found, _) in answers.items() if b"ecret" in found.body]


def test_every_body_that_names_a_thing_gets_404_for_another_tenants(browser: Browser, company: Company) -> None:
    # GIVEN an owner with things of their own, and things of another
    theirs, mine = one_of_each(company), Company()
    own = one_of_each(mine)
    nobodys = {name: f"{value.partition('_')[0]}_{new_id('x', 1)[2:]}" for name, value in theirs.items()}
    _as(browser, mine.owner)

    # WHEN every field of a body that can name one names theirs
    names = theirs.keys() - EVERYBODYS
    asked = [(each, name) for each in operations() if each.route.needs for name in sorted(each.fields & names)]
    answers = {
        f"{each.route.key} {name}": [
            browser(each.route.method, each.path(own), each.body | {name: ids[name]}) for ids in (theirs, nobodys)
        ]
        for each, name in asked
    }

    # THEN it is as if it named nothing
    assert {"POST /v1/invitations team_id", "POST /v1/invitations workspace_id"} < answers.keys()
    assert {key: found.body for key, (found, _) in answers.items() if found.status != 404} == {}
    assert {key: found.body for key, (found, other) in answers.items() if found.body != other.body} == {}


def test_an_id_that_fits_no_key_of_the_table_names_nothing(browser: Browser, company: Company) -> None:
    own = one_of_each(company)
    _as(browser, company.owner)
    staff = {"authorization": f"Bearer {operator_key.sign(wiring.platform_secret(), OperatorKey(2**31))}"}
    asked = [
        (each, name)
        for each in operations()
        if each.route.needs or each.route.operator
        for name in sorted(each.fields)
        if name.endswith("_id")
    ]
    answers = {
        f"{each.route.key} {name}": browser(
            each.route.method,
            each.path(defaultdict(lambda: "x", own)),
            (each.body or {}) | {name: "x" * 3_000},
            **(staff if each.route.operator else {}),
        )
        for each, name in asked
    }

    assert "PATCH /v1/operator/vouchers voucher_id" in answers
    assert {key: found.body for key, found in answers.items() if found.status not in (400, 404, 409)} == {}


def test_no_list_shows_anything_of_another_tenant(browser: Browser, company: Company) -> None:
    theirs = one_of_each(company)
    _as(browser, Company().owner)

    for operation in operations():
        if operation.route.needs and not operation.parameters and operation.route.method == "GET":
            answer = _ask(browser, operation, {})
            assert answer.status == 200, (operation.route.key, answer.body)
            shown = [name for name, value in theirs.items() if value in answer.body.decode(errors="replace")]
            assert set(shown) <= EVERYBODYS, operation.route.key


def test_nobody_enters_or_leaves_an_organization_they_are_not_in(browser: Browser, company: Company) -> None:
    _as(browser, Company().owner)
    for action in ("switch", "leave"):
        assert browser("POST", f"/v1/organizations/{company.organization_id}/{action}", {}).status == 404


def test_a_viewer_reads_and_changes_nothing(browser: Browser, company: Company) -> None:
    ids, viewer = one_of_each(company), company.hire("VIEWER")
    _as(browser, viewer)

    for operation in operations():
        route = operation.route
        if not route.needs:
            continue
        answer = _ask(browser, operation, ids)
        if route.needs in ROLES["VIEWER"]:
            assert route.method == "GET" or route.keyless_because == "it changes nothing", route.key
            assert answer.status in (200, 400, 404), (route.key, answer.body)
        else:
            assert answer.status == 403, (route.key, answer.body)
            assert f"'{route.needs}'" in answer.json()["detail"]
    report = browser("GET", f"/v1/sites/{ids['site_id']}/attribution?from=2026-01-01&to=2026-01-02")
    assert report.status == 200


def test_without_a_credential_nothing_is_answered(browser: Browser, company: Company) -> None:
    ids = one_of_each(company)
    for operation in operations():
        if operation.route.needs:
            assert _ask(browser, operation, ids).status == 401, operation.route.key


def test_an_organizations_key_acts_as_an_administrator_of_it(browser: Browser, company: Company) -> None:
    key = {"authorization": f"Bearer {identity.issue_api_key(Caller.system(company.organization_id), name='ci')}"}

    assert browser("GET", "/v1/members", **key).status == 200
    owner = browser("PATCH", f"/v1/members/{company.owner.user_id}", {"role": "VIEWER"}, **key)
    assert owner.status == 403
    assert "a permission you don't have: 'billing:write'" in owner.json()["detail"]


def test_a_key_does_what_its_scopes_and_its_owner_may(browser: Browser, company: Company) -> None:
    site_id, viewer = _site(company), company.hire("VIEWER")
    key = people.create_key(viewer.person, "both", ["sites:read", "sites:write"], viewer.client)
    headers = {"authorization": f"Bearer {key.secret}"}

    assert browser("GET", f"/v1/sites/{site_id}", **headers).status == 200
    assert browser("PATCH", f"/v1/sites/{site_id}", {"name": "x"}, **headers).status == 403
    assert browser("GET", "/v1/members", **headers).status == 403
    assert browser("POST", "/v1/organizations", {"name": "x"}, **headers).status == 403


def test_a_key_opens_nothing_that_is_its_persons_alone(browser: Browser, company: Company) -> None:
    # GIVEN somebody in two organizations, and a key of theirs for one
    another = Company()
    employ(another.organization_id, company.owner.user_id)
    secret = people.create_key(company.owner.person, "ci", ["reports:read"], company.owner.client).secret
    key = {"authorization": f"Bearer {secret}"}

    # WHEN every route of a person is asked with it
    ids = defaultdict(lambda: "x")
    asked = [each for each in operations() if each.route.personal]
    answers = {each.route.key: browser(each.route.method, each.path(ids), each.body, **key) for each in asked}

    # THEN none answers, and of the organizations it sees its own
    assert {"GET /v1/inbox", "PUT /v1/notification-preferences"} < answers.keys()
    assert {route: found.body for route, found in answers.items() if found.status != 403} == {}
    listed = browser("GET", "/v1/organizations", **key).json()["items"]
    assert [each["organization"]["organization_id"] for each in listed] == [company.organization_id]


def test_an_organization_from_its_making_to_a_colleague_who_leaves(browser: Browser) -> None:
    # GIVEN an organization that somebody made and entered
    ann, ben = Someone(), Someone()
    _as(browser, ann)
    made = browser("POST", "/v1/organizations", {"name": "Hearth", "timezone": "Europe/Berlin", "currency": "USD"})
    assert made.status == 201
    organization_id = made.json()["organization_id"]
    assert browser("GET", "/v1/organization").status == 403
    assert browser("POST", f"/v1/organizations/{organization_id}/switch", {}).status == 200
    assert browser.jar[SESSION] != ann.signed_in.secret
    assert browser("GET", "/v1/organization").json() == made.json()

    # WHEN they make a site, a role, and invite somebody whom they then give it
    site: dict[str, Any] = browser("POST", "/v1/sites", {"name": "Shop", "domains": ["shop.example"]}).json()
    assert (site["site"]["timezone"], site["site"]["currency"]) == ("Europe/Berlin", "USD")
    assert site["public_key"].startswith("pk_")
    assert [each["site_id"] for each in browser("GET", "/v1/sites").json()["items"]] == [site["site"]["site_id"]]
    role = browser("POST", "/v1/roles", {"name": "Buyer", "permissions": ["ads:write"]}).json()
    assert browser("POST", "/v1/invitations", {"email": ben.address, "role": "VIEWER"}).status == 201
    anns = dict(browser.jar)
    _as(browser, ben)
    assert browser("POST", "/v1/invitations/accept", {"token": newest_link(ben.address)}).status == 200
    bens = dict(browser.jar)
    browser.jar = dict(anns)
    assignment = {"what": role["role_id"], "expires_at": "2999-01-01T00:00:00Z"}
    changed = browser("PATCH", f"/v1/members/{ben.user_id}", {"roles": [assignment]})
    assert (changed.status, changed.json()["email"]) == (200, ben.address)
    assert changed.json()["roles"][0]["what"] == role["role_id"]
    listed = browser("GET", "/v1/members?limit=1").json()
    assert len(listed["items"]) == 1
    assert len(browser("GET", f"/v1/members?cursor={listed['cursor']}").json()["items"]) == 1
    assert browser("GET", "/v1/members?cursor=~~").status == 400
    assert len(browser("GET", "/v1/roles").json()["items"]) == 5

    # THEN they find themselves in it, and go when they like; the owner cannot
    browser.jar = bens
    (mine,) = browser("GET", "/v1/organizations").json()["items"]
    assert (mine["organization"]["organization_id"], mine["role"]) == (organization_id, "VIEWER")
    assert browser("POST", f"/v1/organizations/{organization_id}/leave", {}).status == 204
    assert browser("GET", "/v1/organizations").json() == {"items": [], "cursor": None}
    browser.jar = anns
    assert browser("POST", f"/v1/organizations/{organization_id}/leave", {}).status == 409
