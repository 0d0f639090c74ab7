"""An account on the deployed template: the functions' own permissions and layers, and the authorizer before them."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deployed.conftest import Deployment, table_environment
from tests.deployed.create_person import ADDRESS, PASSWORD
from tests.deployed.emulator import Answer

pytestmark = [pytest.mark.deployed]


def test_a_session_opens_the_account_and_nothing_from_another_site(deployment: Deployment) -> None:
    script = Path(__file__).parent / "create_person.py"
    environment = table_environment(deployment)
    done = subprocess.run([sys.executable, script], env=environment, check=True, capture_output=True, text=True)
    secret = done.stdout.strip()
    send, bearer, cookie = deployment.gateway.send, {"authorization": f"Bearer {secret}"}, f"__Host-optiq={secret}"

    assert send("GET", "/v1/me", headers=bearer).json["email"] == ADDRESS
    assert send("GET", "/v1/me", headers={"cookie": cookie}).json["email"] == ADDRESS
    assert send("GET", "/v1/me").status == 403
    from_elsewhere = {"cookie": cookie, "origin": "https://evil.example"}
    assert send("PATCH", "/v1/me", {"name": "Eve"}, from_elsewhere).status == 403
    assert send("PATCH", "/v1/me", {"name": "Ann B."}, bearer).json["name"] == "Ann B."
    assert send("GET", "/v1/me/sessions", headers=bearer).json["items"][0]["method"] == "PASSWORD"
    assert send("GET", "/v1/me/oauth", headers=bearer).json["items"] == []
    assert send("POST", "/v1/sign-in/oauth/google").status == 404
    assert send("POST", "/v1/me/two-factor", {"password": PASSWORD}, bearer).json["qr_svg"].startswith("<svg")
    signed_in = send("POST", "/v1/sign-in", {"email": ADDRESS, "password": PASSWORD, "as_token": True})
    assert signed_in.json["status"] == "SIGNED_IN"
    assert send("POST", "/v1/sign-in", {"email": ADDRESS, "password": "not it"}).status == 401
    assert send("POST", "/v1/sign-out", headers=bearer).status == 204
    assert send("GET", "/v1/me", headers={"authorization": f"Bearer {signed_in.json['session_token']}"}).status == 200


def mail_of(send: Callable[..., Answer], bearer: dict[str, str], patience_seconds: float = 600) -> dict[str, str]:
    """The organization's mail, once it went from the table's stream over relay, bus and rule to its subscriber.

    The emulator knows SES but not the conditions of its permissions: whether the mail was sent differs.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        (mail,) = send("GET", "/v1/mails", headers=bearer).json["items"]
        if mail["status"] != "QUEUED":
            found: dict[str, str] = mail
            return found
        assert time.monotonic() < deadline, "nobody handled the event"
        time.sleep(1)


def test_an_organization_is_made_and_its_permissions_hold(deployment: Deployment) -> None:
    signed_in = deployment.gateway.send(
        "POST", "/v1/sign-in", {"email": ADDRESS, "password": PASSWORD, "as_token": True}
    )
    send, bearer = deployment.gateway.send, {"authorization": f"Bearer {signed_in.json['session_token']}"}
    assert send("GET", "/v1/organization", headers=bearer).status == 403
    created = send("POST", "/v1/organizations", {"name": "Shop"}, bearer)
    assert created.status == 201, created.body
    made = created.json["organization_id"]
    switched = send("POST", f"/v1/organizations/{made}/switch", {}, bearer).json["session_token"]
    bearer = {"authorization": f"Bearer {switched}"}

    assert send("PATCH", "/v1/organization", {"name": "New"}, bearer).json["name"] == "New"
    (owner,) = send("GET", "/v1/members", headers=bearer).json["items"]
    assert (owner["email"], owner["role"]) == (ADDRESS, "OWNER")
    role = send("POST", "/v1/roles", {"name": "Buyer", "permissions": ["ads:write"]}, bearer)
    assert role.status == 201
    invited = send("POST", "/v1/invitations", {"email": "vic@shop.example", "role": "VIEWER"}, bearer)
    assert invited.status == 201
    assert [each["status"] for each in send("GET", "/v1/invitations", headers=bearer).json["items"]] == ["OPEN"]
    assert mail_of(send, bearer)["about"] == invited.json["invitation_id"]
    site = send("POST", "/v1/sites", {"name": "Shop", "domains": ["shop.example"]}, bearer)
    assert site.status == 201
    assert send("POST", f"/v1/organizations/{made}/leave", {}, bearer).status == 409
    key = send("POST", "/v1/me/api-keys", {"name": "read", "scopes": ["sites:read"]}, bearer).json["secret"]
    by_key = {"authorization": f"Bearer {key}"}
    path = f"/v1/sites/{site.json['site']['site_id']}"
    assert send("GET", path, headers=by_key).status == 200
    refused = send("PATCH", path, {"name": "x"}, by_key)
    assert (refused.status, "sites:write" in refused.json["detail"]) == (403, True)
