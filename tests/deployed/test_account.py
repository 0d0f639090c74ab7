"""An account on the deployed template: the functions' own permissions and layers, and the authorizer before them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deployed.conftest import Deployment, table_environment
from tests.deployed.create_person import ADDRESS, PASSWORD

pytestmark = [pytest.mark.deployed, pytest.mark.timeout(300)]


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
    assert send("GET", "/v1/me/sessions", headers=bearer).json["items"][0]["method"] == "SIGN_UP"
    assert send("GET", "/v1/me/oauth", headers=bearer).json == {"items": []}
    assert send("POST", "/v1/sign-in/oauth/google").status == 404
    assert send("POST", "/v1/me/two-factor", {"password": PASSWORD}, bearer).json["qr_svg"].startswith("<svg")
    signed_in = send("POST", "/v1/sign-in", {"email": ADDRESS, "password": PASSWORD, "as_token": True})
    assert signed_in.json["status"] == "SIGNED_IN"
    assert send("POST", "/v1/sign-in", {"email": ADDRESS, "password": "not it"}).status == 401
    assert send("POST", "/v1/sign-out", headers=bearer).status == 204
    assert send("GET", "/v1/me", headers={"authorization": f"Bearer {signed_in.json['session_token']}"}).status == 200
