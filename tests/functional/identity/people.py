"""People as tests need them: with an address nobody else has, a mailbox, devices, an authenticator, a clock."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pyotp
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, Person, SignedIn
from optiq.kernel.clock import SECOND_MS, system_clock
from optiq.kernel.ids import new_id
from optiq.kernel.settings import settings
from optiq.notifications import api as notifications

from tests.functional.subscribers import deliver_events

PASSWORD = "correct horse battery staple"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class MovableClock:
    """The time of day, and what was passed by hand."""

    def __init__(self) -> None:
        self.passed_ms = 0

    def __call__(self) -> int:
        return system_clock() + self.passed_ms

    def pass_seconds(self, seconds: float) -> None:
        self.passed_ms += int(seconds * SECOND_MS)


def new_address() -> str:
    return f"{new_id('person', system_clock()).lower()}@shop.example"


_networks = iter(range(1_000_000))


def new_client(device_token: str = "") -> Client:
    """A browser in a network of its own."""
    number = next(_networks)
    return Client(f"2001:db8:{number >> 8:x}:{number & 255:x}00::7", FIREFOX, "DE", device_token)


def mail_text(mail_id: str) -> str:
    deliver_events()
    raw = (Path(settings().mail_carrier) / f"{mail_id}.eml").read_bytes()
    body = message_from_bytes(raw, policy=default).get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def templates_to(address: str) -> list[str]:
    """The templates of the mails to an address, oldest first."""
    deliver_events()
    return [mail.kind for mail in reversed(notifications.mails_to(address))]


def newest_text(address: str) -> str:
    """The text of the newest mail to an address."""
    deliver_events()
    return mail_text(notifications.mails_to(address)[0].delivery_id)


def newest_link(address: str) -> str:
    """The secret in the newest mail to an address."""
    found = re.search(r"#token=(\S+)", newest_text(address))
    assert found, "the newest mail has no link"
    return found[1]


@dataclass
class Someone:
    """A person with an account, signed in on one device."""

    address: str = field(default_factory=new_address)
    clock: MovableClock = field(default_factory=MovableClock)
    client: Client = field(default_factory=new_client)
    password: str = PASSWORD

    def __post_init__(self) -> None:
        people.sign_up(self.address, "Ann Example", self.password, self.client, self.clock)
        self.enter(people.verify_email(newest_link(self.address), self.password, self.client, self.clock))

    def enter(self, signed_in: object) -> None:
        assert isinstance(signed_in, SignedIn)
        self.signed_in = signed_in
        self.user_id = signed_in.user.user_id
        self.client = Client(self.client.ip, self.client.user_agent, self.client.country, signed_in.device_token)

    @property
    def person(self) -> Person:
        return people.admit(self.signed_in.secret)

    def turn_on_two_factor(self) -> list[str]:
        """Returns the recovery codes."""
        enrolment = people.start_two_factor(self.person, self.password, self.clock)
        self.totp = pyotp.TOTP(enrolment.secret)
        codes, signed_in = people.confirm_two_factor(self.person, self.code(), self.client, self.clock)
        self.enter(signed_in)
        return list(codes)

    def code(self, steps: int = 0) -> str:
        """The code of the present step, or of one so many steps away."""
        return self.totp.at(self.clock() // SECOND_MS, counter_offset=steps)

    def next_code(self) -> str:
        """A code of a step that was not used yet."""
        self.clock.pass_seconds(30)
        return self.code()


def in_organization(person: Person) -> Person:
    """The person, as in a session of some organization."""
    return replace(person, organization_id=new_id("org", system_clock()))


def refused(error: type[Exception], call: Callable[[], object]) -> str:
    """What an error says that the call must raise."""
    try:
        call()
    except error as raised:
        return str(raised)
    raise AssertionError(f"no {error.__name__}")
