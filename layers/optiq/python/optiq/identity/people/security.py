"""What a person changes about how they sign in: the password, the second factor, the recovery codes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity.people import passwords, throttle, two_factor
from optiq.identity.people.changing import KEPT, check_new_password, in_session, make_change, prove
from optiq.identity.people.contracts import Client, Enrolment, Person, SignedIn
from optiq.identity.people.origins import origin_of
from optiq.identity.people.records import UserRecord
from optiq.identity.people.signing_in import security_notice
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, ForbiddenError, InvalidError, UnauthenticatedError
from optiq.kernel.table import Put, Update, write_together


def change_password(
    person: Person, current: str, password: str, client: Client, clock: Clock = system_clock
) -> SignedIn:
    """Raises ForbiddenError when `current` is not the password, InvalidError for one that may not be chosen."""
    now_ms = clock()
    user = prove(person, current, now_ms)
    check_new_password(user, password)
    new = UserRecord.password.set(passwords.hash_password(password))
    notice = f"Your password was changed. {KEPT}"
    return make_change(person, user, "password.changed", [], [new], notice, client, now_ms)


def start_two_factor(person: Person, password: str, clock: Clock = system_clock) -> Enrolment:
    """A new authenticator, to be confirmed by a code. Raises ForbiddenError, and ConflictError when one is on."""
    user = prove(person, password, clock())
    record, put = two_factor.new_authenticator(user.user_id)
    if user.two_factor or write_together([put]):
        raise ConflictError("two-factor sign-in is on already")
    return two_factor.enrolment(user.user_id, user.email, record)


def confirm_two_factor(
    person: Person, code: str, client: Client, clock: Clock = system_clock
) -> tuple[Sequence[str], SignedIn]:
    """Turns the second factor on; the recovery codes are shown only now.

    Raises:
        ForbiddenError: the code is wrong. ConflictError: it is on already. LimitExceededError: too many wrong codes.
    """
    now_ms = clock()
    user, _ = in_session(person, now_ms)
    tries = throttle.reserve(throttle.PROVING, person.user_id, now_ms)
    codes, put = two_factor.new_recovery_codes(user.user_id)
    with _refused_codes():
        writes: list[Put | Update] = [two_factor.confirmation(user.user_id, code, now_ms), put]
    tries.give_back()
    notice = "Two-factor sign-in was turned on."
    on = UserRecord.two_factor.set(True)
    return codes, make_change(person, user, "two_factor.enabled", writes, [on], notice, client, now_ms)


def disable_two_factor(
    person: Person, password: str, code: str, client: Client, clock: Clock = system_clock
) -> SignedIn:
    """Raises ForbiddenError for a wrong password or code, InvalidError while the password is too short to do alone."""
    now_ms = clock()
    user = prove(person, password, now_ms)
    if user.password is not None and len(password) < passwords.LEAST_ALONE:
        raise InvalidError(f"password: choose one of at least {passwords.LEAST_ALONE} characters first")
    use = _use_of_code(person, user, code, now_ms)
    # One item cannot be written twice in a transaction: the code is taken first.
    if write_together([use]):
        raise ForbiddenError("the code is wrong, or was used before")
    notice, off = "Two-factor sign-in was turned off.", UserRecord.two_factor.set(False)
    return make_change(
        person, user, "two_factor.disabled", [two_factor.removal(user.user_id)], [off], notice, client, now_ms
    )


def renew_recovery_codes(
    person: Person, password: str, code: str, client: Client, clock: Clock = system_clock
) -> Sequence[str]:
    """Ten new codes in place of those left. Raises ForbiddenError for a wrong password or code."""
    now_ms = clock()
    user = prove(person, password, now_ms)
    use = _use_of_code(person, user, code, now_ms)
    if write_together([use]):
        raise ForbiddenError("the code is wrong, or was used before")
    codes, put = two_factor.new_recovery_codes(user.user_id)
    change = Change(user.user_id, user.user_id, "recovery_codes.renewed", user.user_id, origin=origin_of(client))
    notice = security_notice(user, "Your recovery codes were renewed.")
    audit.commit([put, *notice.writes], [change], events=[notice.event])
    return codes


def recovery_codes_left(person: Person) -> int:
    return two_factor.recovery_codes_left(person.user_id)


def _use_of_code(person: Person, user: UserRecord, code: str, now_ms: int) -> Update:
    if not user.two_factor:
        raise ConflictError("two-factor sign-in is off")
    tries = throttle.reserve(throttle.PROVING, f"{person.user_id}.code", now_ms)
    with _refused_codes():
        use = two_factor.use_of_code(user.user_id, code, now_ms)
    tries.give_back()
    return use


@contextmanager
def _refused_codes() -> Iterator[None]:
    """Who has a session is known; only this is refused."""
    try:
        yield
    except UnauthenticatedError as error:
        raise ForbiddenError(str(error)) from error
