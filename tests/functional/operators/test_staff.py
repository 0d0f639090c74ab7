"""Staff: people who get an operator's key by their session, and whose acts are entered under their own name."""

import pytest
from optiq.audit import api as audit
from optiq.identity.people import admission
from optiq.kernel.caller import OPERATOR, Caller
from optiq.kernel.clock import MINUTE_MS, system_clock
from optiq.kernel.lake_tables import PLATFORM
from optiq.operators.staff import api as staff

from tests.functional.identity.browser import Browser
from tests.functional.identity.people import Someone
from tests.functional.tenancy.organizations import Company

BY = Caller(PLATFORM, OPERATOR)


@pytest.fixture(autouse=True)
def _nothing_known(table: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


@pytest.fixture
def ann(table: object) -> Someone:
    """Of the staff, with two factors."""
    someone = Someone()
    someone.turn_on_two_factor()
    staff.add_staff(BY, someone.address)
    return someone


def _key_of(browser: Browser, someone: Someone) -> str:
    browser.jar["__Host-optiq"] = someone.signed_in.secret
    answer = browser("POST", "/v1/me/staff-key")
    assert answer.status == 200, answer.body
    browser.jar.clear()
    key: str = answer.json()["key"]
    return key


def test_a_member_of_the_staff_works_under_their_own_name(browser: Browser, ann: Someone) -> None:
    company = Company()
    bearer = f"Bearer {_key_of(browser, ann)}"
    told = browser("POST", "/v1/operator/incidents", {"title": "Late", "text": "We look."}, authorization=bearer)
    entered = browser(
        "POST",
        "/v1/operator/access",
        {"organization_id": company.organization_id, "purpose": "help"},
        authorization=bearer,
    )
    inside = f"Bearer {entered.json()['key']}"
    changed = browser("PATCH", "/v1/organization", {"name": "Renamed"}, authorization=inside)

    assert (told.status, entered.status, changed.status) == (201, 200, 200)
    on_platform = [one.change.action for one in audit.entries(PLATFORM, actor=ann.user_id).items]
    assert on_platform == ["incident.created", "staff_member.entered"]
    in_organization = [one.change.action for one in audit.entries(company.organization_id, actor=ann.user_id).items]
    assert in_organization == ["organization.changed", "data.accessed"]


def test_neither_a_stranger_nor_who_left_nor_one_factor_gets_a_key(browser: Browser, ann: Someone) -> None:
    stranger, single = Someone(), Someone()
    staff.add_staff(BY, single.address)
    staff.end_staff(BY, ann.user_id)
    for someone, status in ((stranger, 404), (single, 403), (ann, 404)):
        browser.jar["__Host-optiq"] = someone.signed_in.secret
        assert browser("POST", "/v1/me/staff-key").status == status
        assert browser("GET", "/v1/operator/staff").status in (401, 403)
    session = browser("GET", "/v1/session").json()
    assert session["staff"] is False


def test_a_key_ends_by_itself_and_names_one_person(browser: Browser, ann: Someone) -> None:
    key = _key_of(browser, ann)
    forged = key.replace(ann.user_id, Someone().user_id)

    assert browser("GET", "/v1/operator/staff", authorization=f"Bearer {key}").status == 200
    assert browser("GET", "/v1/operator/staff", authorization=f"Bearer {forged}").status == 401
    expires_ms = int(key.removeprefix("op_").partition(".")[0]) * 1000
    assert expires_ms <= system_clock() + staff.KEY_MINUTES * MINUTE_MS
