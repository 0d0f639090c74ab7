"""Signing in by way of a provider that others wrote: node-oidc-provider, which is certified, as `issuer`."""

import html
import json
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from optiq.identity.people import api as people
from optiq.identity.people.contracts import SignedIn
from optiq.kernel.errors import ForbiddenError, UnauthenticatedError
from optiq.kernel.settings import settings
from optiq.ports import wiring

from tests.functional.identity.people import new_client, refused

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("table")]
_ROOT = Path(__file__).parents[3]
_SOURCES = Path(__file__).parent / "oidc_provider"
_INSTALLED = _ROOT / "build" / "oidc-provider"


def _install() -> None:
    lock = _INSTALLED / "package-lock.json"
    if lock.exists() and lock.read_bytes() == (_SOURCES / lock.name).read_bytes():
        return
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    shutil.copy(_SOURCES / "package.json", _INSTALLED)
    shutil.copy(_SOURCES / "package-lock.json", _INSTALLED)
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=_INSTALLED, check=True)


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    _install()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    callback = f"{settings().public_url}/v1/sign-in/oauth/google/callback"
    command = ["node", str(_SOURCES / "server.mjs"), str(_INSTALLED), str(port), callback]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        url = f"http://127.0.0.1:{port}"
        client = {"client_id": "optiq-client", "client_secret": "optiq-client-secret", "issuer": url}
        monkeypatch.setattr(wiring, "oauth_clients", lambda: json.dumps({"GOOGLE": client}).encode())
        yield url
        process.terminate()


class _Back(urllib.request.HTTPRedirectHandler):
    """Follows redirects but for the one that leads back to Optiq, which it keeps."""

    def __init__(self) -> None:
        self.query: dict[str, str] = {}

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if newurl.startswith(settings().public_url):
            self.query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(newurl).query))
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _consent(url: str, login: str) -> dict[str, str]:
    """What a person's browser brings back who signs in there and agrees."""
    back = _Back()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), back)
    page = browser.open(url, timeout=60).read().decode()
    for form in ({"prompt": "login", "login": login, "password": "any"}, {"prompt": "consent"}):
        found = re.search(r'action="([^"]+)"', page)
        assert found, page[:2000]
        try:
            sent = urllib.parse.urlencode(form).encode()
            page = browser.open(html.unescape(found[1]), sent, timeout=60).read().decode()
        except urllib.error.HTTPError as error:
            # The redirect that leads back.
            error.close()
            break
    return back.query


def _sign_in(login: str, **changes: str) -> object:
    start = people.start_provider_sign_in("GOOGLE", new_client())
    back = _consent(start.url, login) | changes
    return people.finish_provider_sign_in("GOOGLE", back["state"], start.state, back["code"], new_client())


def test_a_person_signs_up_and_comes_back_by_a_certified_provider(issuer: str) -> None:
    first, second = _sign_in("ann@shop.example"), _sign_in("ann@shop.example")

    assert isinstance(first, SignedIn)
    assert isinstance(second, SignedIn)
    assert (first.user.email, first.user.name) == ("ann@shop.example", "Ann Example")
    assert first.user.user_id == second.user.user_id


def test_what_a_certified_provider_does_not_vouch_for_signs_nobody_in(issuer: str) -> None:
    refused(ForbiddenError, lambda: _sign_in("eve@shop.example"))
    refused(UnauthenticatedError, lambda: _sign_in("ann@shop.example", code="made-up"))
    # A code is good for the sign-in alone that it was asked for, by its PKCE verifier.
    other = people.start_provider_sign_in("GOOGLE", new_client())
    code = _consent(people.start_provider_sign_in("GOOGLE", new_client()).url, "ann@shop.example")["code"]
    client = new_client()
    refused(
        UnauthenticatedError,
        lambda: people.finish_provider_sign_in("GOOGLE", other.state, other.state, code, client),
    )
