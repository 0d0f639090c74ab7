"""The routes of people, through the gateway, the authorizer and the handlers."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pyotp
import pytest
from optiq.identity.people import admission
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

from functions.identity import authorizer
from functions.identity import routes as account
from infra.local.gateway import Gateway
from infra.routes import routes, sign_in_paths
from tests.functional.identity.browser import HOST, Browser
from tests.functional.identity.conftest import track
from tests.functional.identity.people import PASSWORD, new_address, newest_link
from tests.functional.identity.provider_server import CLIENT_ID, CLIENT_SECRET, Provider, running_provider

pytestmark = pytest.mark.usefixtures("table")
SESSION, DEVICE, OAUTH = "__Host-optiq", "__Host-optiq-device", "__Host-optiq-oauth"


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


@pytest.fixture
def address(browser: Browser) -> str:
    """Of a person who is signed in."""
    address = new_address()
    told = browser("POST", "/v1/sign-up", {"email": address, "name": "Ann", "password": PASSWORD})
    assert (told.status, told.json()) == (202, {"status": "MAIL_SENT"})
    answer = browser("POST", "/v1/verify-email", {"token": newest_link(address), "password": PASSWORD})
    assert answer.status == 200, answer.body
    return address


def _program(browser: Browser, address: str) -> dict[str, str | None]:
    """The headers of a program that signed in for a token of its own."""
    answer = browser("POST", "/v1/sign-in", {"email": address, "password": PASSWORD, "as_token": True}, cookie=None)
    token = answer.json()["session_token"]
    assert token.startswith("os_")
    return {"authorization": f"Bearer {token}", "cookie": None, "origin": None}


def test_a_session_is_a_cookie_that_scripts_and_other_sites_cannot_have(browser: Browser, address: str) -> None:
    browser.jar.clear()
    answer = browser("POST", "/v1/sign-in", {"email": address, "password": PASSWORD})

    assert answer.status == 200
    assert answer.json()["status"] == "SIGNED_IN"
    assert answer.json()["session_token"] is None
    assert answer.header("cache-control") == "no-store"
    assert {cookie.partition("=")[0] for cookie in answer.cookies} == {SESSION, DEVICE}
    for cookie in answer.cookies:
        attributes = {part.strip().partition("=")[0].lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path", "max-age"} <= attributes
        assert "domain" not in attributes
        assert "SameSite=Lax" in cookie
        assert "Path=/;" in cookie
    assert browser("GET", "/v1/me").json()["email"] == address


def test_a_program_gets_the_secret_and_no_session_cookie(browser: Browser, address: str) -> None:
    program = _program(browser, address)

    assert browser("GET", "/v1/me", **program).json()["email"] == address
    assert browser("PATCH", "/v1/me", {"name": "Ann B."}, **program).json()["name"] == "Ann B."


def test_anybody_with_a_session_or_a_key_is_told_whose_it_is(browser: Browser, address: str) -> None:
    person = browser("GET", "/v1/whoami").json()
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    key = browser("GET", "/v1/whoami", authorization=f"Bearer {site.api_key}", cookie=None).json()

    assert person["user_id"] == browser("GET", "/v1/me").json()["user_id"]
    assert (person["organization_id"], person["role"], person["permissions"]) == (None, None, [])
    assert (key["organization_id"], key["user_id"]) == (site.site.organization_id, None)
    assert "sites:write" in key["permissions"]
    assert key["credential_id"]
    assert browser("GET", "/v1/whoami", cookie=None).status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"origin": "https://evil.example"},
        {"origin": f"https://evil.{HOST}"},
        {"origin": f"https://{HOST}.evil.example"},
        {"origin": f"https://{HOST}:8443"},
        {"origin": "null"},
        {"origin": None},
        {"origin": f"https://{HOST}", "sec_fetch_site": "cross-site"},
        {"origin": f"http://{HOST}", "x_forwarded_proto": "https"},
    ],
)
def test_a_write_with_a_cookie_from_another_site_is_refused(
    browser: Browser, address: str, headers: dict[str, str | None]
) -> None:
    for method, path, body in (
        ("PATCH", "/v1/me", {"name": "Eve"}),
        ("POST", "/v1/me/api-keys", {"name": "k", "scopes": ["a:b"]}),
        ("DELETE", "/v1/me/sessions", None),
        ("POST", "/v1/sign-out", None),
    ):
        assert browser(method, path, body, **headers).status in (401, 403)

    assert browser("GET", "/v1/me").json()["name"] == "Ann"
    assert browser("GET", "/v1/me/api-keys").json() == {"items": [], "cursor": None}


def test_every_guarded_write_is_refused_from_another_site(browser: Browser, address: str) -> None:
    for route in routes():
        if not route.is_open and route.method != "GET":
            path = route.path.replace("{", "").replace("}", "")
            assert browser(route.method, path, {}, sec_fetch_site="cross-site").status == 401, route


def test_another_site_cannot_sign_a_browser_in(browser: Browser, address: str) -> None:
    """Else a victim would work in the thief's account."""
    browser.jar.clear()
    for headers in ({"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}):
        answer = browser("POST", "/v1/sign-in", {"email": address, "password": PASSWORD}, **headers)
        assert answer.status == 403
        assert not answer.cookies


def test_pages_of_ours_may_write(browser: Browser, address: str) -> None:
    ours = f"https://{HOST}"
    for headers in (
        {"sec_fetch_site": "same-origin"},
        {"origin": ours},
        {"origin": ours, "x_forwarded_proto": "https"},
    ):
        assert browser("PATCH", "/v1/me", {"name": "Ann"}, **headers).status == 200


def test_signing_out_ends_the_session_and_takes_the_cookie(browser: Browser, address: str) -> None:
    kept = dict(browser.jar)

    assert browser("POST", "/v1/sign-out").status == 204

    assert SESSION not in browser.jar
    assert DEVICE in browser.jar
    browser.jar = kept
    assert browser("GET", "/v1/me").status == 401


def test_two_factor_by_way_of_the_routes(browser: Browser, address: str) -> None:
    started = browser("POST", "/v1/me/two-factor", {"password": PASSWORD})
    assert started.status == 201
    assert started.json()["qr_svg"].startswith("<svg")
    totp = pyotp.TOTP(started.json()["secret"])
    before = browser.jar[SESSION]
    confirmed = browser("POST", "/v1/me/two-factor/confirm", {"code": totp.now()})
    codes = confirmed.json()["recovery_codes"]
    assert len(codes) == 10
    assert browser.jar[SESSION] != before

    first = browser("POST", "/v1/sign-in", {"email": address, "password": PASSWORD})
    assert first.json()["status"] == "SECOND_FACTOR_NEEDED"
    assert not first.cookies
    challenge = {"challenge": first.json()["challenge"]}
    assert browser("POST", "/v1/sign-in/two-factor", challenge | {"code": totp.now()}).status == 401
    assert browser("POST", "/v1/sign-in/two-factor", challenge | {"code": codes[0]}).json()["status"] == "SIGNED_IN"

    proof = {"password": PASSWORD, "code": codes[1]}
    assert len(browser("POST", "/v1/me/recovery-codes", proof).json()["recovery_codes"]) == 10
    assert browser("POST", "/v1/me/two-factor/disable", proof).status == 403
    off = {"password": PASSWORD, "code": totp.at(totp.timecode(time.time()) * 30 + 30)}
    assert browser("POST", "/v1/me/two-factor/disable", off).json()["user"]["two_factor"] is False


def test_links_by_way_of_the_routes(browser: Browser, address: str) -> None:
    browser.jar.clear()
    assert browser("POST", "/v1/sign-in/magic-link", {"email": address}).status == 202
    assert browser("POST", "/v1/sign-in/magic-link/redeem", {"token": newest_link(address)}).status == 200
    assert browser("GET", "/v1/me").status == 200

    assert browser("POST", "/v1/password/reset-request", {"email": address}).status == 202
    new = {"token": newest_link(address), "password": "another long password"}
    answer = browser("POST", "/v1/password/reset", new)
    assert (answer.status, answer.body) == (204, b"")
    assert [cookie.partition("=")[0] for cookie in answer.cookies] == [DEVICE]
    assert browser("GET", "/v1/me").status == 401
    assert browser("POST", "/v1/sign-in", {"email": address, "password": new["password"]}).status == 200


def test_the_password_changes_by_way_of_the_routes(browser: Browser, address: str) -> None:
    before = browser.jar[SESSION]
    change = {"current_password": "not it", "new_password": "another long password"}
    assert browser("POST", "/v1/me/password", change).status == 403
    assert browser("POST", "/v1/me/password", change | {"current_password": PASSWORD}).status == 200

    assert browser.jar[SESSION] != before
    assert browser("GET", "/v1/me").status == 200


def test_sessions_and_keys_by_way_of_the_routes(browser: Browser, address: str) -> None:
    program = _program(browser, address)
    listed = browser("GET", "/v1/me/sessions").json()["items"]
    assert [session["is_current"] for session in listed] == [False, True]
    assert browser("DELETE", f"/v1/me/sessions/{listed[0]['session_id']}").status == 204
    assert browser("GET", "/v1/me", **program).status == 401
    assert browser("DELETE", f"/v1/me/sessions/{'x' * 300}").status == 404

    wanted = {"name": "dashboards", "scopes": ["reports:read"]}
    assert browser("POST", "/v1/me/api-keys", wanted).status == 409
    organization = browser("POST", "/v1/organizations", {"name": "Agency"}).json()["organization_id"]
    assert browser("POST", f"/v1/organizations/{organization}/switch", {}).status == 200
    made = browser("POST", "/v1/me/api-keys", wanted)
    assert made.status == 201
    key = {"authorization": f"Bearer {made.json()['secret']}", "cookie": None, "origin": None}
    assert browser("GET", "/v1/me", **key).json()["email"] == address
    for method, path, body in (
        ("PATCH", "/v1/me", {"name": "Eve"}),
        ("GET", "/v1/me/sessions", None),
        ("GET", "/v1/me/api-keys", None),
        ("POST", "/v1/me/api-keys", {"name": "more", "scopes": ["members:write"]}),
        ("POST", "/v1/me/two-factor", {"password": PASSWORD}),
    ):
        assert browser(method, path, body, **key).status == 403
    (shown,) = browser("GET", "/v1/me/api-keys").json()["items"]
    assert shown["last_used_at"]
    assert made.json()["secret"] not in str(shown)
    assert browser("DELETE", f"/v1/me/api-keys/{shown['key_id']}").status == 204
    assert browser("GET", "/v1/me", **key).status == 401

    assert browser("DELETE", "/v1/me/sessions").status == 204
    assert browser("GET", "/v1/me").status == 401


def test_a_person_without_an_organization_reaches_no_site(browser: Browser, address: str) -> None:
    site = tenancy.create_site(name="Shop", domains=["shop.example"]).site
    assert browser("GET", f"/v1/sites/{site.site_id}/conversions").status == 403


def test_an_organizations_key_is_nobody(browser: Browser) -> None:
    key = {"authorization": f"Bearer {tenancy.create_site(name='Shop', domains=['shop.example']).api_key}"}
    assert browser("GET", "/v1/me", **key).status == 403


def test_a_write_key_that_is_known_as_a_senders_manages_nothing(browser: Browser) -> None:
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    assert track(site.write_key)[0] == 200
    for _ in range(2):
        key = {"authorization": f"Bearer {site.write_key}"}
        assert browser("GET", f"/v1/sites/{site.site.site_id}/conversions", **key).status == 401
        assert track(site.api_key)[0] == 401
        assert (
            browser("GET", f"/v1/sites/{site.site.site_id}/ingest", authorization=f"Bearer {site.api_key}").status
            == 200
        )


def test_a_header_goes_before_a_cookie(browser: Browser, address: str) -> None:
    assert browser("GET", "/v1/me", authorization="Bearer ok_unknown").status == 401


@pytest.mark.parametrize("path", sign_in_paths())
@pytest.mark.parametrize(
    "body", [None, [], {}, {"email": 1}, {"email": "no address", "password": "\ud800", "name": "n"}]
)
def test_what_cannot_be_read_is_a_problem(browser: Browser, path: str, body: Any) -> None:
    answer = browser("POST", path, body)

    assert answer.status == 400
    assert answer.header("content-type") == "application/problem+json"


def test_refusals_say_nothing_of_what_was_sent(browser: Browser, address: str) -> None:
    long = "a secret much too long " * 200
    for body in (
        {"email": address, "password": long},
        {"email": address, "password": [long]},
        {"email": address, long: 1},
    ):
        answer = browser("POST", "/v1/sign-in", body)
        assert answer.status == 400
        assert b"much too long" not in answer.body


def test_a_retry_after_says_when_to_come_back(browser: Browser, address: str) -> None:
    browser.jar.clear()
    wrong = {"email": address, "password": "not the password"}
    for _ in range(10):
        assert browser("POST", "/v1/sign-in", wrong).status == 401
    answer = browser("POST", "/v1/sign-in", wrong)

    assert answer.status == 429
    assert 1 <= int(answer.header("retry-after")) <= 3_600


def test_the_authorizer_reads_the_table_once_and_remembers_for_a_minute(
    browser: Browser, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from urllib3 import HTTPConnectionPool

    calls: list[str] = []
    send = HTTPConnectionPool.urlopen

    def counted(pool: Any, *arguments: Any, **named: Any) -> Any:
        calls.append(named["headers"]["x-amz-target"])
        return send(pool, *arguments, **named)

    monkeypatch.setattr(HTTPConnectionPool, "urlopen", counted)
    monkeypatch.setattr(admission, "CACHE_SECONDS", 60)
    event = {
        "routeKey": "GET /v1/me",
        "cookies": [f"{SESSION}={browser.jar[SESSION]}"],
        "requestContext": {"http": {"method": "GET"}},
    }
    for _ in range(3):
        assert authorizer.handler(event, None)["isAuthorized"] is True

    assert calls == ["DynamoDB_20120810.BatchGetItem"]
    assert admission.CACHE_SECONDS <= 60
    admission.forget_known()


def test_handlers_without_the_authorizer_let_nobody_in() -> None:
    for route in routes():
        if route.handler == "functions.identity.routes.handler":
            path = route.path.replace("{provider}", "google").replace("{", "").replace("}", "")
            body = {} if "/sites/" in path else {"password": "", "code": "", "scopes": [], "new_password": ""}
            event = {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": "",
                "headers": {},
                "requestContext": {"http": {"method": route.method, "path": path}, "stage": "$default"},
                "body": json.dumps({"name": ""} | body),
            }
            assert account.handler(event, None)["statusCode"] == 401, route


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with running_provider() as running:
        client = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "issuer": running.url}
        monkeypatch.setattr(wiring, "oauth_clients", lambda: json.dumps({"GOOGLE": client}).encode())
        yield running


def _come_back(browser: Browser, provider: Provider, started: Any, **changes: str) -> str:
    """Where the callback leads on to."""
    assert started.status == 200, started.body
    query = provider.consent(started.json()["authorization_url"]) | changes
    answer = browser("GET", f"/v1/sign-in/oauth/google/callback?{urlencode(query)}", origin=None)
    assert (answer.status, answer.body, answer.header("content-type")) == (302, b"", "")
    assert OAUTH not in browser.jar
    return answer.header("location")


def test_only_providers_that_are_configured_are_offered(browser: Browser, request: pytest.FixtureRequest) -> None:
    assert browser("GET", "/v1/sign-in/oauth").json() == {"items": [], "cursor": None}

    request.getfixturevalue("provider")

    assert browser("GET", "/v1/sign-in/oauth").json() == {"items": ["google"], "cursor": None}


def test_a_provider_by_way_of_the_routes(browser: Browser, provider: Provider) -> None:
    provider.person = {"sub": new_address(), "email": new_address(), "email_verified": True}
    started = browser("POST", "/v1/sign-in/oauth/google")
    assert "SameSite=Lax" in started.cookies[0]

    assert _come_back(browser, provider, started) == "/console"

    assert browser("GET", "/v1/me").json()["email"] == provider.person["email"]
    (linked,) = browser("GET", "/v1/me/oauth").json()["items"]
    assert linked["provider"] == "google"
    assert browser("POST", "/v1/me/oauth/google/unlink", {}).status == 204
    assert browser("GET", "/v1/me/oauth").json() == {"items": [], "cursor": None}
    assert _come_back(browser, provider, browser("POST", "/v1/me/oauth/google", {})) == "/console/account"
    assert browser("POST", "/v1/sign-in/oauth/github").status == 404
    assert browser("POST", "/v1/sign-in/oauth/google", sec_fetch_site="cross-site").status == 403


def test_a_sign_in_that_another_browser_began_is_refused(
    browser: Browser, provider: Provider, gateway: Gateway
) -> None:
    """Else the thief could sign a victim in to the thief's account."""
    provider.person = {"sub": new_address(), "email": new_address(), "email_verified": True}
    thief = Browser(gateway)
    started = thief("POST", "/v1/sign-in/oauth/google")

    assert _come_back(browser, provider, started) == "/console/sign-in#error=REFUSED"
    assert SESSION not in browser.jar


def test_why_a_provider_did_not_sign_in_is_said_in_a_word(browser: Browser, address: str, provider: Provider) -> None:
    provider.person = {"sub": new_address(), "email": address, "email_verified": False}
    begin = ("POST", "/v1/sign-in/oauth/google")
    assert _come_back(browser, provider, browser(*begin)).endswith("#error=ADDRESS_NOT_VERIFIED")
    provider.person["email_verified"] = True
    assert _come_back(browser, provider, browser(*begin)).endswith("#error=ACCOUNT_EXISTS")
    assert _come_back(browser, provider, browser(*begin), error="access_denied").endswith("#error=REFUSED")
    provider.broken = {"/token": (500, b"")}
    assert _come_back(browser, provider, browser(*begin)).endswith("#error=PROVIDER_FAILED")
