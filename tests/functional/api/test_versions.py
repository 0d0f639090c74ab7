"""What has a version has an ETag: read again it costs a 304, and a change names the version that it is meant for.

The routes come from what each function's types say of versions, and the things from the test that asks each change.
"""

import pytest
from optiq.kernel.api_resolver import ManagementResolver
from optiq.kernel.versions import Versions
from optiq.tenancy.contracts import NewSite

from infra.local.handlers import load
from tests.functional.audit.test_every_change_is_entered import SAID, THINGS, world_for
from tests.functional.audit.test_every_change_is_entered import owner as owner
from tests.functional.audit.test_every_change_is_entered import site as site
from tests.functional.identity.browser import Browser
from tests.functional.identity.people import Someone
from tests.functional.tenancy.api_document import Operation, operations
from tests.functional.tenancy.organizations import Company

pytestmark = pytest.mark.usefixtures("table")


def _versions(operation: Operation) -> Versions:
    app = load(operation.route.handler)
    return app.versions[operation.route.key] if isinstance(app, ManagementResolver) else Versions()


TENANTS = [each for each in operations() if not each.route.operator]
READS = [each for each in TENANTS if each.route.method == "GET" and _versions(each).answered]
CHANGES = [each for each in TENANTS if _versions(each).expected]
UNVERSIONED = [
    each
    for each in TENANTS
    if each.route.method in ("PATCH", "PUT", "DELETE") and not each.route.is_open and not _versions(each).expected
]


def _path(browser: Browser, company: Company, owner: Someone, site: NewSite, operation: Operation) -> str:
    """The path of a thing that is there, for somebody who is signed in."""
    world = world_for(operation, company, owner, site)
    for name in operation.parameters:
        world.ids[name] = THINGS[name](world)
    browser.jar["__Host-optiq"] = world.asks.signed_in.secret
    return operation.path(world.ids)


def test_every_change_to_what_is_read_with_a_version_takes_one() -> None:
    changes = {each.route.path for each in TENANTS if each.route.method in ("PATCH", "PUT")}
    read = {each.route.path for each in READS}

    assert read & changes == {each.route.path for each in CHANGES}


@pytest.mark.parametrize("operation", READS, ids=lambda operation: operation.route.key)
def test_answer_is_not_sent_again_to_who_has_it(
    browser: Browser, company: Company, owner: Someone, site: NewSite, operation: Operation
) -> None:
    path = _path(browser, company, owner, site, operation)
    first = browser("GET", path)
    if first.status == 404:
        pytest.skip("this site has learned nothing yet")
    tag = first.header("etag")
    again = [browser("GET", path, if_none_match=tags) for tags in (tag, f'"0-x", W/{tag}', "*")]
    head = browser("HEAD", path, if_none_match=tag)

    assert first.status == 200
    assert [(each.status, each.body, each.header("etag")) for each in (*again, head)] == [(304, b"", tag)] * 4
    assert browser("GET", path, if_none_match='"0-0000000000000000"').status == 200


@pytest.mark.parametrize("operation", CHANGES, ids=lambda operation: operation.route.key)
def test_change_is_made_only_to_the_version_that_was_read(
    browser: Browser, company: Company, owner: Someone, site: NewSite, operation: Operation
) -> None:
    # GIVEN what somebody read
    path, method = _path(browser, company, owner, site, operation), operation.route.method
    said = SAID.get(operation.route.key, operation.body)
    body = said if isinstance(said, dict) else {}
    tag = browser("GET", path).header("etag")
    version = int(tag.strip('"').partition("-")[0])

    # WHEN they change it, name the version twice, and change it once more by what they read at first
    odd = browser(method, path, body | {"version": version + 7}, if_match=tag)
    changed = browser(method, path, body | {"version": version}, if_match=tag)
    late = browser(method, path, body, if_match=tag)

    # THEN the first counts, and who is late is told
    assert (odd.status, odd.json()["fields"][0]["field"]) == (400, "body.version")
    assert changed.status == 200, changed.body
    assert changed.header("etag").startswith(f'"{version + 1}-')
    assert (late.status, late.json()["code"]) == (412, "PRECONDITION_FAILED")
    assert browser(method, path, body | {"version": version}).json()["code"] == "VERSION_CHANGED"
    weak = browser(method, path, body, if_match=f"W/{changed.header('etag')}")
    assert (weak.status, weak.json()["code"]) == (412, "PRECONDITION_FAILED")
    assert browser(method, path, body, if_match='"of-nothing"').status == 412
    assert browser(method, path, body, if_match="7").status == 400
    assert browser(method, path, body, if_match="*").status == 200


@pytest.mark.parametrize("operation", UNVERSIONED, ids=lambda operation: operation.route.key)
def test_version_is_refused_where_there_is_none(
    browser: Browser, company: Company, owner: Someone, site: NewSite, operation: Operation
) -> None:
    browser.jar["__Host-optiq"] = company.owner.signed_in.secret
    path = operation.route.path.format_map({name: f"{name}_1" for name in operation.parameters})

    answer = browser(operation.route.method, path, {}, if_match='"7-0000000000000000"')

    assert (answer.status, answer.json()["detail"]) == (400, "If-Match: this route knows no versions; leave it out")
