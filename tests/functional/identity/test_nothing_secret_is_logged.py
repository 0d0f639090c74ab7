"""Whatever people and programs do, nothing that opens a door, and nobody's address, is written to a log."""

import logging
from collections.abc import Iterator

import pyotp
import pytest
from optiq.identity.people import admission
from optiq.identity.people import api as people
from optiq.tenancy import api as tenancy

from tests.functional.identity.browser import Browser
from tests.functional.identity.conftest import track
from tests.functional.identity.people import new_address, newest_link

pytestmark = pytest.mark.usefixtures("table")
PASSWORD, NEW_PASSWORD = "a first phrase nobody guesses", "a second phrase nobody guesses"


class _Everything(logging.Handler):
    """Keeps all that is logged, as it would be written, with its exception."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged() -> Iterator[_Everything]:
    """All logs of a process whose operator has turned DEBUG on."""
    root, kept = logging.getLogger(), _Everything()
    # Powertools' own logger does not pass on what it is told.
    loggers, before = (root, logging.getLogger("aws_lambda_powertools")), root.level
    for logger in loggers:
        logger.addHandler(kept)
    root.setLevel(logging.DEBUG)
    yield kept
    root.setLevel(before)
    for logger in loggers:
        logger.removeHandler(kept)


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


def _sign_up(browser: Browser, secrets: set[str]) -> str:
    address = new_address()
    browser("POST", "/v1/sign-up", {"email": address, "name": "Ann", "password": PASSWORD})
    link = newest_link(address)
    assert browser("POST", "/v1/verify-email", {"token": link, "password": PASSWORD}).status == 200
    secrets |= {address, link, *browser.jar.values()}
    return address


def _wrong_ways_in(browser: Browser, address: str, secrets: set[str]) -> None:
    wrong = "a phrase that is not the one"
    assert browser("POST", "/v1/sign-in", {"email": address, "password": wrong}).status == 401
    assert browser("POST", "/v1/sign-in", {"email": "not an address", "password": wrong}).status in (400, 401)
    assert browser("POST", "/v1/password/reset", {"token": "guessed-link", "password": wrong}).status == 401
    assert browser("GET", "/v1/me", authorization="Bearer os_guessed", cookie=None).status == 401
    secrets |= {wrong, "guessed-link", "os_guessed"}


def _two_factor(browser: Browser, address: str, secrets: set[str]) -> None:
    enrolment = browser("POST", "/v1/me/two-factor", {"password": PASSWORD}).json()
    code = pyotp.TOTP(enrolment["secret"]).now()
    confirmed = browser("POST", "/v1/me/two-factor/confirm", {"code": code})
    assert confirmed.status == 200, confirmed.body
    recovery = confirmed.json()["recovery_codes"]
    secrets |= {enrolment["secret"], *recovery, *browser.jar.values()}
    asked = browser("POST", "/v1/sign-in", {"email": address, "password": PASSWORD}).json()
    second = {"challenge": asked["challenge"], "code": recovery[0]}
    assert browser("POST", "/v1/sign-in/two-factor", second).status == 200
    secrets |= {asked["challenge"], *browser.jar.values()}


def _links(browser: Browser, address: str, secrets: set[str]) -> None:
    for path in ("/v1/sign-in/magic-link", "/v1/password/reset-request"):
        assert browser("POST", path, {"email": address}).status == 202
        secrets.add(newest_link(address))
    reset = browser("POST", "/v1/password/reset", {"token": newest_link(address), "password": NEW_PASSWORD})
    assert reset.status == 204, reset.body
    secrets.add(NEW_PASSWORD)


def _keys_and_colleagues(browser: Browser, secrets: set[str]) -> None:
    organization = browser("POST", "/v1/organizations", {"name": "Agency"}).json()["organization_id"]
    assert browser("POST", f"/v1/organizations/{organization}/switch", {}).status == 200
    made = browser("POST", "/v1/me/api-keys", {"name": "ci", "scopes": ["reports:read"]})
    assert made.status == 201, made.body
    site = browser("POST", "/v1/sites", {"name": "Shop", "domains": ["shop.example"]}).json()
    token = browser("POST", f"/v1/sites/{site['site']['site_id']}/tokens", {"name": "orders"})
    assert token.status == 201, token.body
    assert track(token.json()["secret"])[0] == 200
    invited = new_address()
    assert browser("POST", "/v1/invitations", {"email": invited, "role": "VIEWER"}).status == 201
    secrets |= {made.json()["secret"], token.json()["secret"], invited, newest_link(invited), *browser.jar.values()}
    first = tenancy.create_site(name="Second shop", domains=["two.example"])
    secrets |= {first.write_key, first.api_key}


def test_no_log_at_any_level_holds_a_secret_or_an_address(
    browser: Browser, logged: _Everything, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a process that logs all it can, and everything a person does to get in
    secrets = {PASSWORD}
    address = _sign_up(browser, secrets)
    _wrong_ways_in(browser, address, secrets)
    _keys_and_colleagues(browser, secrets)
    _two_factor(browser, address, secrets)
    _links(browser, address, secrets)

    # AND something that breaks, whose traceback is logged
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(people, "sign_in", broken)
    assert browser("POST", "/v1/sign-in", {"email": address, "password": NEW_PASSWORD}).status >= 500

    # THEN what was written holds nothing of it
    logging.getLogger("probe").debug("the end")
    out, err = capfd.readouterr()
    written = "\n".join((*logged.lines, out, err)).lower()
    assert "probe debug the end" in written
    assert "the disk is gone" in written
    assert len(secrets) > 15
    assert [secret for secret in secrets if secret.lower() in written] == []
