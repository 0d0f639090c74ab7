"""Answers tell what is left of a limit, where that tells nothing of others."""

from dataclasses import replace

import pytest
from optiq.identity.people import throttle
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id

from tests.functional.identity.browser import Browser
from tests.functional.identity.people import new_address
from tests.functional.tenancy.organizations import Company

pytestmark = pytest.mark.usefixtures("table")


def test_invitation_tells_what_is_left_until_nothing_is(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "INVITATIONS", replace(throttle.INVITATIONS, attempts=2))
    browser.jar["__Host-optiq"] = Company().owner.signed_in.secret

    bodies = [{"email": new_address(), "role": "VIEWER"} for _ in range(3)]
    asked = [browser("POST", "/v1/invitations", body, idempotency_key=body["email"]) for body in bodies]
    replayed = browser("POST", "/v1/invitations", bodies[0], idempotency_key=bodies[0]["email"])

    assert [answer.status for answer in asked] == [201, 201, 429]
    policy = '"invitations-by-person";q=300;w=86400, "invitations";q=2;w=3600'
    assert [answer.header("ratelimit-policy") for answer in asked] == [policy, policy, '"invitations";q=2;w=3600']
    left = [answer.header("ratelimit").rpartition(";t=")[0] for answer in asked]
    assert [one.rpartition(", ")[2] for one in left] == ['"invitations";r=1', '"invitations";r=0', '"invitations";r=0']
    assert asked[2].header("ratelimit").endswith(f";t={asked[2].header('retry-after')}")
    # What was left then is not what is left now.
    assert (replayed.header("idempotent-replayed"), replayed.header("ratelimit")) == ("true", "")


def test_organization_tells_how_many_more_may_be_made(browser: Browser) -> None:
    browser.jar["__Host-optiq"] = Company().owner.signed_in.secret

    answer = browser("POST", "/v1/organizations", {"name": new_id("x", system_clock())})

    assert answer.status == 201
    assert answer.header("ratelimit-policy") == '"organizations";q=20;w=86400'
    assert answer.header("ratelimit").startswith('"organizations";r=1')


def test_nothing_is_told_of_limits_on_guessing(browser: Browser) -> None:
    answers = [browser("POST", "/v1/sign-in", {"email": "ada@shop.example", "password": "x"}) for _ in range(11)]

    assert [answer.status for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].header("retry-after")) > 0
    assert not [answer for answer in answers if answer.header("ratelimit") or answer.header("ratelimit-policy")]
