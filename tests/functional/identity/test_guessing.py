"""What strangers learn by trying, and how often they may."""

import contextlib
import dataclasses
import io
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import pytest
from botocore.client import BaseClient
from optiq.audit import api as audit
from optiq.identity.people import api as people
from optiq.identity.people import passwords, throttle
from optiq.identity.people.contracts import SecondFactorNeeded, SignedIn
from optiq.kernel.errors import LimitExceededError, OptiqError, UnauthenticatedError
from optiq.kernel.settings import settings
from optiq.ports import wiring
from types_boto3_dynamodb import DynamoDBClient

from tests.functional.identity.people import (
    PASSWORD,
    Someone,
    in_organization,
    new_address,
    new_client,
    newest_link,
    refused,
    templates_to,
)
from tests.support.examples import some_and_slow

pytestmark = pytest.mark.usefixtures("table")


class Work:
    """What is done: calls of the table by operation and size, passwords hashed, mails sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: Counter[str] = Counter()
        memory_kib = settings().password_memory_kib
        call, hasher, mailer = BaseClient._make_api_call, passwords.hasher(memory_kib), wiring.mailer()
        done = self.done

        def counted(client: Any, operation: str, arguments: Any) -> Any:
            done[f"{operation} of {len(arguments.get('TransactItems', [])) or 1}"] += 1
            return call(client, operation, arguments)

        class Hasher:
            def hash(self, password: bytes) -> str:
                done["argon2"] += 1
                return hasher.hash(password)

            def verify(self, kept: str, password: bytes) -> bool:
                done["argon2"] += 1
                return hasher.verify(kept, password)

        class Mailer:
            def send(self, mail: Any) -> str:
                done["mail"] += 1
                return mailer.send(mail)

        passwords.nobodys_hash(memory_kib)
        monkeypatch.setattr(BaseClient, "_make_api_call", counted)
        monkeypatch.setattr(passwords, "hasher", lambda _: Hasher())
        monkeypatch.setattr(wiring, "mailer", Mailer)

    def of(self, call: Callable[[], object]) -> tuple[str, Counter[str]]:
        """What a call answers, and the work it was."""
        self.done.clear()
        try:
            said = repr(call())
        except OptiqError as error:
            said = f"{type(error).__name__}: {error}"
        return said, Counter(self.done)


CALLS: dict[str, Callable[[str], object]] = {
    "sign in": lambda address: people.sign_in(address, "not the password of anybody", new_client()),
    "sign up": lambda address: people.sign_up(address, "Ann", PASSWORD, new_client()),
    "magic link": lambda address: people.request_magic_link(address, new_client()),
    "reset": lambda address: people.request_password_reset(address, new_client()),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_known_address_answers_as_an_unknown_one_and_is_as_much_work(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, unknown = Someone().address, new_address()
    work = Work(monkeypatch)

    first, second = work.of(lambda: CALLS[name](known)), work.of(lambda: CALLS[name](unknown))

    assert first == second
    assert sum(first[1].values()) > 3


def test_a_known_address_is_throttled_as_an_unknown_one_is() -> None:
    """Neither the limits nor what is said at them tell."""
    for call in CALLS.values():
        said: list[list[str]] = []
        known, unknown = Someone().address, new_address()
        # As the known one did.
        people.sign_up(unknown, "Ann", PASSWORD, new_client())
        for address in (known, unknown):
            said.append([])
            for _ in range(12):
                try:
                    call(address)
                    said[-1].append("done")
                except OptiqError as error:
                    said[-1].append(f"{type(error).__name__}: {error}")
        assert said[0] == said[1]
        assert said[0][-1].startswith("LimitExceededError")


@pytest.mark.parametrize("guesses", some_and_slow([100, 1_000], 1))
def test_guesses_from_changing_addresses_are_throttled_and_the_victim_still_gets_in(guesses: int) -> None:
    victim = Someone()
    judged = Counter[str]()
    for number in range(guesses):
        try:
            people.sign_in(victim.address, f"guess number {number} of many", new_client(), victim.clock)
        except (UnauthenticatedError, LimitExceededError) as error:
            judged[type(error).__name__] += 1

    assert judged == {"UnauthenticatedError": 10, "LimitExceededError": guesses - 10}
    # Even the right password is not judged from elsewhere ...
    refused(LimitExceededError, lambda: people.sign_in(victim.address, victim.password, new_client(), victim.clock))
    # ... but on a device the victim used before, it is,
    assert isinstance(people.sign_in(victim.address, victim.password, victim.client, victim.clock), SignedIn)
    # and a new device gets in by mail, after which it is a known one.
    phone = new_client()
    people.request_magic_link(victim.address, phone, victim.clock)
    by_mail = people.redeem_magic_link(newest_link(victim.address), phone, victim.clock)
    assert isinstance(by_mail, SignedIn)
    phone = dataclasses.replace(phone, device_token=by_mail.device_token)
    assert isinstance(people.sign_in(victim.address, victim.password, phone, victim.clock), SignedIn)


def test_strangers_who_ask_for_every_mail_leave_those_of_a_known_device() -> None:
    victim = Someone()
    for ask in (people.request_magic_link, people.request_password_reset):
        # GIVEN strangers who had all the mails sent that an address gets in an hour
        for _ in range(5):
            ask(victim.address, new_client(), victim.clock)
        refused(LimitExceededError, lambda ask=ask: ask(victim.address, new_client(), victim.clock))

        # THEN the victim's own device still has five sent
        for _ in range(5):
            ask(victim.address, victim.client, victim.clock)
        refused(LimitExceededError, lambda ask=ask: ask(victim.address, victim.client, victim.clock))

    # AND it is a known one for that address alone
    other = new_address()
    for client in [new_client()] * 5:
        people.request_magic_link(other, client)
    refused(LimitExceededError, lambda: people.request_magic_link(other, victim.client))


def test_a_guess_that_is_not_judged_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    address = new_address()
    for _ in range(10):
        refused(UnauthenticatedError, lambda: people.sign_in(address, "wrong", new_client()))
    work = Work(monkeypatch)

    said, done = work.of(lambda: people.sign_in(address, "wrong", new_client()))

    assert said.startswith("LimitExceededError")
    assert done == {"UpdateItem of 1": 2, "GetItem of 1": 1}


def test_the_limit_slides(monkeypatch: pytest.MonkeyPatch) -> None:
    victim, waits = Someone(), list[int]()

    def judged(tries: int) -> int:
        count = 0
        for _ in range(tries):
            try:
                people.sign_in(victim.address, "not the password", new_client(), victim.clock)
            except UnauthenticatedError:
                count += 1
            except LimitExceededError as error:
                waits.append(error.retry_after_seconds)
        return count

    assert judged(15) == 10
    hour = 3_600_000
    to_next = hour - victim.clock() % hour
    victim.clock.pass_seconds(to_next / 1000 + 60)
    # A minute into the next window nearly all of the last one still counts.
    assert judged(5) == 0
    victim.clock.pass_seconds(1_800)
    assert 4 <= judged(15) <= 6
    victim.clock.pass_seconds(2 * 3_600)
    assert judged(15) == 10
    assert all(1 <= wait <= 3_600 for wait in waits)


def test_guesses_at_once_do_not_slip_through() -> None:
    from concurrent.futures import ThreadPoolExecutor

    victim = Someone()

    def guess(number: int) -> str:
        try:
            people.sign_in(victim.address, f"guess {number}", new_client())
        except OptiqError as error:
            return type(error).__name__
        return "in"

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(guess, range(40))) == {"UnauthenticatedError": 10, "LimitExceededError": 30}


def test_one_network_cannot_try_many_addresses() -> None:
    client = new_client()
    judged = Counter[str]()
    for number in range(120):
        # Another host of the same network each time.
        other = dataclasses.replace(client, ip=f"{client.ip[:-1]}{number + 10:x}")
        try:
            people.sign_in(new_address(), "one password for all", other)
        except OptiqError as error:
            judged[type(error).__name__] += 1

    assert judged == {"UnauthenticatedError": 100, "LimitExceededError": 20}


def test_strangers_in_the_victims_network_do_not_keep_their_device_out(monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a network, as of an office, whose tries and mails are used up
    monkeypatch.setattr(throttle, "NETWORK", dataclasses.replace(throttle.NETWORK, attempts=3))
    monkeypatch.setattr(throttle, "MAILS_FROM_NETWORK", dataclasses.replace(throttle.MAILS_FROM_NETWORK, attempts=3))
    victim = Someone()
    codes = victim.turn_on_two_factor()
    stranger = dataclasses.replace(victim.client, device_token="")
    for _ in range(3):
        refused(UnauthenticatedError, lambda: people.sign_in(new_address(), "a guess of many", stranger))
    for ask in (people.request_magic_link, people.request_password_reset) * 2:
        with contextlib.suppress(LimitExceededError):
            ask(new_address(), stranger)
    refused(LimitExceededError, lambda: people.sign_in(victim.address, victim.password, stranger, victim.clock))
    refused(LimitExceededError, lambda: people.request_magic_link(new_address(), stranger))

    # THEN a device known there still signs in, with both factors, and has links sent
    first = people.sign_in(victim.address, victim.password, victim.client, victim.clock)
    assert isinstance(first, SecondFactorNeeded)
    assert people.second_factor(first.challenge, codes[0], victim.client, victim.clock)
    people.request_magic_link(victim.address, victim.client, victim.clock)


def test_who_signs_in_often_is_not_throttled() -> None:
    someone = Someone()
    for _ in range(15):
        assert isinstance(people.sign_in(someone.address, someone.password, new_client(), someone.clock), SignedIn)


def test_a_device_token_of_another_or_a_made_up_one_makes_no_device_known() -> None:
    victim, thief = Someone(), Someone()
    for _ in range(10):
        refused(UnauthenticatedError, lambda: people.sign_in(victim.address, "wrong", new_client(), victim.clock))

    for token in (thief.client.device_token, "a" * 24 + "." + "A" * 26, ".", "ä.ö", ""):
        refused(
            LimitExceededError,
            lambda token=token: people.sign_in(victim.address, victim.password, new_client(token), victim.clock),
        )


def test_strangers_cannot_fill_a_mailbox() -> None:
    victim = Someone()
    for _ in range(5):
        people.request_magic_link(victim.address, new_client(), victim.clock)

    refused(LimitExceededError, lambda: people.request_magic_link(victim.address, new_client(), victim.clock))
    # What they asked for is in the victim's mailbox, and opens for the victim.
    assert isinstance(people.redeem_magic_link(newest_link(victim.address), victim.client, victim.clock), SignedIn)
    assert templates_to(victim.address).count("MAGIC_LINK") == 5


def test_guessing_the_password_within_a_stolen_session_is_throttled() -> None:
    victim = Someone()
    judged = Counter[str]()
    for number in range(15):
        try:
            people.change_password(victim.person, f"guess {number}", "another long password", victim.client)
        except OptiqError as error:
            judged[type(error).__name__] += 1

    assert judged == {"ForbiddenError": 10, "LimitExceededError": 5}


@pytest.fixture
def said() -> Iterator[Callable[[], str]]:
    """All that is logged or printed meanwhile, of every logger, at any level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    with redirect_stdout(stream), redirect_stderr(stream):
        yield stream.getvalue
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_secret_stands_in_the_logs_the_table_or_the_books(said: Callable[[], str], table: DynamoDBClient) -> None:
    someone = Someone()
    secrets = [someone.password, someone.signed_in.secret, someone.client.device_token]
    secrets += someone.turn_on_two_factor()
    secrets += [someone.totp.secret, someone.signed_in.secret, someone.code()]
    people.request_magic_link(someone.address, someone.client, someone.clock)
    secrets.append(newest_link(someone.address))
    people.request_password_reset(someone.address, someone.client, someone.clock)
    secrets += [newest_link(someone.address), "another long password"]
    key = people.create_key(in_organization(someone.person), "key", ["a:b"], someone.client, clock=someone.clock)
    secrets.append(key.secret)
    people.reset_password(secrets[-2 - 1], "another long password", someone.client, someone.clock)
    wrong = "the wrong password, which may be another service's"
    refused(UnauthenticatedError, lambda: people.sign_in(someone.address, wrong, someone.client, someone.clock))
    secrets += [wrong, someone.client.ip]

    stored = json.dumps(table.scan(TableName=settings().table)["Items"], default=str)
    book = repr(audit.entries(someone.user_id).items)
    for secret in secrets:
        for place in (said(), stored, book):
            assert secret not in place
            assert secret.replace("-", "") not in place
