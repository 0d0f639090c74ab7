"""The second factor: each code once, whoever asks at the same moment."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from optiq.audit import api as audit
from optiq.identity.people import admission
from optiq.identity.people import api as people
from optiq.identity.people.contracts import SecondFactorNeeded, SignedIn
from optiq.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    LimitExceededError,
    OptiqError,
    UnauthenticatedError,
)

from tests.functional.identity.people import PASSWORD, Someone, new_client, refused, templates_to

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


@pytest.fixture
def ann() -> Someone:
    return Someone()


def _challenge(someone: Someone) -> str:
    needed = people.sign_in(someone.address, someone.password, someone.client, someone.clock)
    assert isinstance(needed, SecondFactorNeeded)
    return needed.challenge


def _race(*calls: Callable[[], object]) -> list[object]:
    """Begins all calls at one moment; returns what each returned or raised."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        start.wait()
        try:
            return call()
        except OptiqError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_enrolment_shows_what_an_app_needs(ann: Someone) -> None:
    enrolment = people.start_two_factor(ann.person, PASSWORD, ann.clock)

    totp = pyotp.parse_uri(enrolment.uri)
    assert isinstance(totp, pyotp.TOTP)
    assert (totp.secret, totp.name, totp.issuer, totp.interval) == (enrolment.secret, ann.address, "Optiq", 30)
    assert len(enrolment.secret) == 32
    assert re.match(r"<svg [^>]*>", enrolment.qr_svg)


def test_it_is_on_only_once_a_code_confirmed_it(ann: Someone) -> None:
    secret = people.start_two_factor(ann.person, PASSWORD, ann.clock).secret
    assert isinstance(people.sign_in(ann.address, PASSWORD, ann.client, ann.clock), SignedIn)
    refused(ForbiddenError, lambda: people.confirm_two_factor(ann.person, "000000", ann.client, ann.clock))

    # Starting again makes another secret, and the first one is of no use.
    assert people.start_two_factor(ann.person, PASSWORD, ann.clock).secret != secret
    ann.totp = pyotp.TOTP(secret)
    refused(ForbiddenError, lambda: people.confirm_two_factor(ann.person, ann.code(), ann.client, ann.clock))
    assert not people.profile(ann.person).two_factor


def test_turning_it_on_ends_other_sessions_and_tells(ann: Someone) -> None:
    other = people.sign_in(ann.address, PASSWORD, ann.client, ann.clock)
    assert isinstance(other, SignedIn)
    before = ann.signed_in.secret

    codes = ann.turn_on_two_factor()

    assert len(set(codes)) == 10
    for ended in (before, other.secret):
        refused(UnauthenticatedError, lambda ended=ended: people.admit(ended))
    assert people.profile(ann.person).two_factor
    assert templates_to(ann.address)[-1] == "SECURITY_NOTICE"
    refused(ConflictError, lambda: people.start_two_factor(ann.person, PASSWORD, ann.clock))


def test_turning_it_on_needs_the_password(ann: Someone) -> None:
    refused(ForbiddenError, lambda: people.start_two_factor(ann.person, "not the password", ann.clock))


def test_a_code_completes_a_sign_in_once(ann: Someone) -> None:
    ann.turn_on_two_factor()
    challenge, code = _challenge(ann), ann.next_code()

    assert isinstance(people.second_factor(challenge, code, ann.client, ann.clock), SignedIn)

    refused(UnauthenticatedError, lambda: people.second_factor(challenge, ann.next_code(), ann.client, ann.clock))
    ann.clock.pass_seconds(-30)
    refused(UnauthenticatedError, lambda: people.second_factor(_challenge(ann), code, ann.client, ann.clock))


def test_the_code_that_confirmed_does_not_sign_in(ann: Someone) -> None:
    ann.turn_on_two_factor()

    refused(UnauthenticatedError, lambda: people.second_factor(_challenge(ann), ann.code(), ann.client, ann.clock))


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(ann: Someone, steps: int, taken: bool) -> None:
    ann.turn_on_two_factor()
    ann.clock.pass_seconds(300)
    challenge = _challenge(ann)

    if taken:
        assert people.second_factor(challenge, ann.code(steps), ann.client, ann.clock)
    else:
        refused(UnauthenticatedError, lambda: people.second_factor(challenge, ann.code(steps), ann.client, ann.clock))


def test_a_code_older_than_one_taken_is_not_taken(ann: Someone) -> None:
    ann.turn_on_two_factor()
    ann.clock.pass_seconds(300)
    people.second_factor(_challenge(ann), ann.code(1), ann.client, ann.clock)

    refused(UnauthenticatedError, lambda: people.second_factor(_challenge(ann), ann.code(), ann.client, ann.clock))


@pytest.mark.parametrize("round_", range(5))
def test_a_code_used_twice_at_once_succeeds_once(ann: Someone, round_: int) -> None:
    ann.turn_on_two_factor()
    challenges, code = [_challenge(ann) for _ in range(4)], ann.next_code()

    done = _race(
        *(lambda c=c: people.second_factor(c, code, ann.client, ann.clock) for c in challenges)  # type: ignore[misc]
    )

    assert sorted(type(one).__name__ for one in done) == ["SignedIn"] + ["UnauthenticatedError"] * 3


def test_a_recovery_code_works_once(ann: Someone) -> None:
    codes = ann.turn_on_two_factor()

    assert people.second_factor(_challenge(ann), codes[0].lower(), ann.client, ann.clock)

    for not_good in (codes[0], "AAAA-BBBB-CCCC-DDDD", "000000"):
        challenge = _challenge(ann)
        said = refused(
            UnauthenticatedError,
            lambda c=challenge, code=not_good: people.second_factor(c, code, ann.client, ann.clock),  # type: ignore[misc]
        )
        assert said == "the code is wrong, or was used before"
    assert people.second_factor(_challenge(ann), codes[1].replace("-", " "), ann.client, ann.clock)
    assert people.recovery_codes_left(ann.person) == 8


@pytest.mark.parametrize("round_", range(5))
def test_a_recovery_code_used_twice_at_once_succeeds_once(ann: Someone, round_: int) -> None:
    codes = ann.turn_on_two_factor()
    challenges = [_challenge(ann) for _ in range(4)]

    done = _race(
        *(lambda c=c: people.second_factor(c, codes[3], ann.client, ann.clock) for c in challenges)  # type: ignore[misc]
    )

    assert sorted(type(one).__name__ for one in done) == ["SignedIn"] + ["UnauthenticatedError"] * 3
    assert people.recovery_codes_left(ann.person) == 9


def test_a_challenge_used_twice_at_once_begins_one_session(ann: Someone) -> None:
    codes = ann.turn_on_two_factor()
    challenge = _challenge(ann)
    before = len(people.sessions(ann.person, ann.clock))

    done = _race(
        *(lambda c=c: people.second_factor(challenge, c, ann.client, ann.clock) for c in codes[:4])  # type: ignore[misc]
    )

    assert sorted(type(one).__name__ for one in done) == ["SignedIn"] + ["UnauthenticatedError"] * 3
    assert len(people.sessions(ann.person, ann.clock)) == before + 1


def test_the_last_recovery_code_can_be_used_and_then_none(ann: Someone) -> None:
    codes = ann.turn_on_two_factor()
    for code in codes:
        ann.clock.pass_seconds(3_600)
        assert people.second_factor(_challenge(ann), code, ann.client, ann.clock)

    assert people.recovery_codes_left(ann.person) == 0
    refused(UnauthenticatedError, lambda: people.second_factor(_challenge(ann), codes[0], ann.client, ann.clock))


def test_renewed_recovery_codes_take_the_place_of_the_old(ann: Someone) -> None:
    old = ann.turn_on_two_factor()

    new = people.renew_recovery_codes(ann.person, PASSWORD, ann.next_code(), ann.client, ann.clock)

    assert not set(old) & set(new)
    refused(UnauthenticatedError, lambda: people.second_factor(_challenge(ann), old[0], ann.client, ann.clock))
    assert people.second_factor(_challenge(ann), new[0], ann.client, ann.clock)


def test_turning_it_off_needs_password_and_code(ann: Someone) -> None:
    ann.turn_on_two_factor()
    for password, code in (("not the password", ann.next_code()), (PASSWORD, "000000")):
        refused(
            ForbiddenError,
            lambda p=password, c=code: people.disable_two_factor(ann.person, p, c, ann.client, ann.clock),
        )

    ann.enter(people.disable_two_factor(ann.person, PASSWORD, ann.next_code(), ann.client, ann.clock))

    assert not people.profile(ann.person).two_factor
    assert isinstance(people.sign_in(ann.address, PASSWORD, ann.client, ann.clock), SignedIn)
    actions = [entry.change.action for entry in audit.entries(ann.user_id).items]
    assert [action for action in actions if action.startswith("two_factor")] == [
        "two_factor.disabled",
        "two_factor.enabled",
    ]
    # And on again, with another secret.
    ann.turn_on_two_factor()


def test_a_short_password_is_enough_beside_it_but_not_alone(ann: Someone) -> None:
    refused(InvalidError, lambda: people.change_password(ann.person, PASSWORD, "k3!vm2qp", ann.client, ann.clock))
    ann.turn_on_two_factor()
    ann.enter(people.change_password(ann.person, PASSWORD, "k3!vm2qp", ann.client, ann.clock))

    refused(
        InvalidError,
        lambda: people.disable_two_factor(ann.person, "k3!vm2qp", ann.next_code(), ann.client, ann.clock),
    )


def test_a_challenge_ends_with_a_changed_password(ann: Someone) -> None:
    ann.turn_on_two_factor()
    challenge = _challenge(ann)
    ann.enter(people.change_password(ann.person, PASSWORD, "another long password", ann.client, ann.clock))

    refused(UnauthenticatedError, lambda: people.second_factor(challenge, ann.next_code(), ann.client, ann.clock))


def test_guesses_of_codes_are_throttled_and_the_known_device_is_not_kept_out(ann: Someone) -> None:
    """Whoever guesses has the password, and changes networks."""
    ann.turn_on_two_factor()
    outcomes = []
    for _ in range(40):
        thief = new_client()
        needed = people.sign_in(ann.address, PASSWORD, thief, ann.clock)
        assert isinstance(needed, SecondFactorNeeded)
        try:
            people.second_factor(needed.challenge, "000000", thief, ann.clock)
        except (UnauthenticatedError, LimitExceededError) as error:
            outcomes.append(type(error).__name__)

    assert outcomes == ["UnauthenticatedError"] * 10 + ["LimitExceededError"] * 30
    assert people.second_factor(_challenge(ann), ann.next_code(), ann.client, ann.clock)
