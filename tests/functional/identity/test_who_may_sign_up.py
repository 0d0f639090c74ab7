"""Sign-up that is open, by invitation, or for the addresses of some domains."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from optiq.identity.people import api as people
from optiq.identity.people import expected
from optiq.identity.people.contracts import UninvitedError
from optiq.kernel.caller import OPERATOR, Caller
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.ids import new_id
from optiq.kernel.settings import Settings, settings
from optiq.operators import api as operators
from optiq.tenancy.members import api as members

from functions.identity import sign_in
from infra.local.handlers import Context
from tests.functional.identity.people import (
    PASSWORD,
    Someone,
    new_address,
    new_client,
    newest_link,
    newest_text,
    refused,
    templates_to,
)
from tests.functional.senders import request
from tests.functional.tenancy.organizations import Company

pytestmark = pytest.mark.usefixtures("table")
Setting = Callable[[str], None]


@pytest.fixture
def sign_up_is(monkeypatch: pytest.MonkeyPatch) -> Setting:
    """Sets OPTIQ_SIGN_UP of this process."""

    def give(value: str) -> None:
        domains = Settings.from_environment({"OPTIQ_SIGN_UP": value}).sign_up_domains
        changed = replace(settings(), sign_up_domains=domains)
        monkeypatch.setattr(expected, "settings", lambda: changed)

    return give


def _sign_up(address: str) -> str:
    """The template of the mail that a sign-up leads to."""
    people.sign_up(address, "Ann Example", PASSWORD, new_client())
    return templates_to(address)[-1]


def test_only_an_invited_address_signs_up_when_sign_up_is_by_invitation(sign_up_is: Setting) -> None:
    company, invited, stranger = Company(), new_address(), new_address()
    sign_up_is("invited")
    members.invite(company.actor(), email=invited, role="VIEWER")

    assert _sign_up(stranger) == "SIGN_UP_CLOSED"
    assert "Ask a colleague" in newest_text(stranger)
    assert Someone(invited.upper()).user_id


def test_an_address_signs_up_no_more_when_its_invitation_is_revoked_or_expired(sign_up_is: Setting) -> None:
    company, address = Company(), new_address()
    sign_up_is("invited")
    invitation = members.invite(company.actor(), email=address, role="VIEWER")
    assert _sign_up(address) == "VERIFY_ADDRESS"
    link = newest_link(address)

    assert not expected.may_sign_up(address, system_clock() + 8 * DAY_MS)
    members.revoke_invitation(company.actor(), invitation.invitation_id)

    # The link was sent before.
    refused(UninvitedError, lambda: people.verify_email(link, PASSWORD, new_client()))
    assert _sign_up(address) == "SIGN_UP_CLOSED"


def test_an_address_of_a_named_domain_signs_up_and_no_other(sign_up_is: Setting) -> None:
    sign_up_is("Agency.example shop.example")

    assert _sign_up(new_address()) == "VERIFY_ADDRESS"
    for other in ("ann@evil-shop.example", "ann@below.shop.example", "shop.example@evil.example"):
        assert _sign_up(f"{new_id('x', system_clock()).lower()}{other}") == "SIGN_UP_CLOSED"


def test_operator_creates_a_user_when_sign_up_is_closed(sign_up_is: Setting) -> None:
    sign_up_is("invited")
    address = new_address()

    operators.create_user(Caller("", OPERATOR), email=address, name="Ann", password=PASSWORD)

    assert people.sign_in(address, PASSWORD, new_client())


def test_a_known_address_is_told_so_when_sign_up_is_closed(sign_up_is: Setting) -> None:
    ann = Someone()
    sign_up_is("invited")

    assert _sign_up(ann.address) == "ACCOUNT_EXISTS"
    refused(UnauthenticatedError, lambda: people.verify_email("op_made-up", PASSWORD, new_client()))


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("", {"policy": "OPEN", "domains": []}),
        ("invited", {"policy": "INVITED", "domains": []}),
        ("shop.example b.example", {"policy": "DOMAINS", "domains": ["shop.example", "b.example"]}),
    ],
)
def test_the_page_is_answered_who_may_sign_up(value: str, answer: object, sign_up_is: Setting) -> None:
    sign_up_is(value)

    event = request("GET", "/v1/sign-up", b"", {})
    event["requestContext"]["stage"] = "$default"
    answered = sign_in.handler(event, Context("sign_in", "test"))

    assert json.loads(answered["body"]) == answer


@pytest.mark.parametrize("value", ["closed", "@shop.example", "shop.example,b.example", "open shop.example"])
def test_a_setting_that_cannot_be_is_refused_by_its_name(value: str) -> None:
    with pytest.raises(ValueError, match="OPTIQ_SIGN_UP must be 'open', 'invited', or domains such as"):
        Settings.from_environment({"OPTIQ_SIGN_UP": value})
