"""Beginning a session: by password, with a second factor where one is on, by a link sent by mail.

Nothing here tells whether an address has an account: for a known and an unknown one the same is read, written, hashed
and mailed, and the same is answered (OWASP, Authentication Cheat Sheet). Only the mail differs.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, get_args

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.events import api as events
from optiq.identity.people import passwords, throttle
from optiq.identity.people.contracts import Client, SecondFactorNeeded, SignedIn, SignInMethod
from optiq.identity.people.links import Page, link_to
from optiq.identity.people.memberships import organization_to_enter
from optiq.identity.people.origins import known_device, network_hash, new_device_token, origin_of
from optiq.identity.people.proofs import NewProof, new_proof, read_proof
from optiq.identity.people.records import UserRecord
from optiq.identity.people.sessions import new_session, replacement
from optiq.identity.people.two_factor import use_of_code
from optiq.identity.people.users import find_user, get_user
from optiq.kernel.clock import Clock, system_clock, to_rfc3339
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.table import Put, Update, write_together
from optiq.mail import api as mails
from optiq.mail.contracts import MailContent

_WRONG = "the address or the password is wrong"


def sign_in(email: str, password: str, client: Client, clock: Clock = system_clock) -> SignedIn | SecondFactorNeeded:
    """Raises UnauthenticatedError for a wrong address or password, LimitExceededError after too many of them.

    From a device on which the address was signed in before tries are counted apart, so that strangers' guesses keep
    nobody out there; from elsewhere a link by mail still opens.
    """
    address_hash, now_ms = mails.address_hash(mails.check_address(email)), clock()
    tries = _reserve_try(throttle.ADDRESS, address_hash, address_hash, client, now_ms)
    user = find_user(address_hash)
    right = passwords.is_password(user.password if user else None, password)
    if user is None or not right or user.status != "ACTIVE":
        raise UnauthenticatedError(_WRONG)
    for reservation in tries:
        reservation.give_back()
    return begin(user, "PASSWORD", client, [], now_ms)


def begin(
    user: UserRecord,
    method: SignInMethod,
    client: Client,
    proof: Sequence[Put | Update],
    now_ms: int,
) -> SignedIn | SecondFactorNeeded:
    """Goes on after a first proof: to a session, or to the second factor where the person has one on.

    Raises:
        UnauthenticatedError: the proof was used up meanwhile.
    """
    if not user.two_factor:
        return open_session(user, method, client, proof, [], now_ms)
    step = new_proof("SECOND_FACTOR", now_ms, user_id=user.user_id, epoch=int(user.epoch), data={"method": method})
    if write_together([*proof, step.put]):
        raise UnauthenticatedError("this was used before: ask for another")
    return SecondFactorNeeded(step.secret, step.expires_ms)


def second_factor(challenge: str, code: str, client: Client, clock: Clock = system_clock) -> SignedIn:
    """Completes a sign-in with a code of an authenticator, or a recovery code.

    Raises:
        UnauthenticatedError: the code is wrong or was used, or the challenge is not good any more.
        LimitExceededError: too many wrong codes.
    """
    now_ms = clock()
    proof = read_proof("SECOND_FACTOR", challenge, now_ms)
    user = get_user(proof.user_id)
    if user.epoch != proof.epoch or user.status != "ACTIVE" or not user.two_factor:
        raise UnauthenticatedError("this is not good any more: sign in again")
    address_hash = mails.address_hash(user.email)
    tries = _reserve_try(throttle.SECOND_FACTOR, user.user_id, address_hash, client, now_ms)
    use = use_of_code(user.user_id, code, now_ms)
    signed_in = open_session(user, _method(proof.data["method"]), client, [proof.use, use], [], now_ms)
    for reservation in tries:
        reservation.give_back()
    return signed_in


def request_magic_link(email: str, client: Client, clock: Clock = system_clock) -> None:
    """Mails a link that signs in; or, to an address without an account, that there is none.

    Raises:
        LimitExceededError: too many such mails.
    """
    mail_link("MAGIC_LINK", email, client, clock)


def redeem_magic_link(secret: str, client: Client, clock: Clock = system_clock) -> SignedIn | SecondFactorNeeded:
    """Raises UnauthenticatedError when the link is not good any more."""
    now_ms = clock()
    proof = read_proof("MAGIC_LINK", secret, now_ms)
    user = get_user(proof.user_id)
    if user.epoch != proof.epoch or user.status != "ACTIVE":
        raise UnauthenticatedError("this is not good any more: ask for another")
    return begin(user, "MAGIC_LINK", client, [proof.use], now_ms)


def mail_link(purpose: Literal["MAGIC_LINK", "PASSWORD_RESET"], email: str, client: Client, clock: Clock) -> None:
    """The same reads, writes and one mail, whether the address is known or not."""
    email, now_ms = mails.check_address(email), clock()
    address_hash = mails.address_hash(email)
    reserve_mail(purpose, address_hash, client, now_ms)
    user = find_user(address_hash)
    if user is not None and user.status == "ACTIVE":
        proof = new_proof(purpose, now_ms, user_id=user.user_id, epoch=int(user.epoch))
        page, words, valid = _LINKS[purpose]
        content, to = words(link_to(page, proof.secret), valid), user.email
    else:
        proof = new_proof("NOTHING", now_ms)
        content, to = mails.no_account(link_to("sign-up")), email
    send_with(proof, to, content, user, clock)


def send_with(proof: NewProof, to: str, content: MailContent, user: UserRecord | None, clock: Clock) -> None:
    """Keeps a proof and requests the mail that brings it."""
    user_id = user.user_id if user else ""
    mail = mails.request_mail("identity", to, content, user_id=user_id, valid_until_ms=proof.expires_ms, clock=clock)
    events.publish([proof.put, *mail.writes], [mail.event])


def reserve_mail(kind: str, address_hash: str, client: Client, now_ms: int) -> None:
    """Counts a mail that somebody asks for, apart for each known device. Raises LimitExceededError."""
    device = known_device(client.device_token, address_hash)
    if not device:
        throttle.reserve(throttle.MAILS_FROM_NETWORK, network_hash(client.ip), now_ms)
    throttle.reserve(throttle.MAILS, f"{kind}.{address_hash}.{device}", now_ms)


def _reserve_try(
    limit: throttle.Limit, whom: str, address_hash: str, client: Client, now_ms: int
) -> list[throttle.Reservation]:
    """Counts a try: by itself on a device known to the address, otherwise with all of its network as well.

    Many strangers may share the victim's network, as behind an office's or a carrier's one address.

    Raises:
        LimitExceededError: too many.
    """
    device = known_device(client.device_token, address_hash)
    network = [] if device else [throttle.reserve(throttle.NETWORK, network_hash(client.ip), now_ms)]
    return [*network, throttle.reserve(limit, f"{whom}.{device}", now_ms)]


def open_session(
    user: UserRecord,
    method: SignInMethod,
    client: Client,
    writes: Sequence[Put | Update],
    changes: Sequence[Change],
    now_ms: int,
    *,
    first: bool = False,
) -> SignedIn:
    """Begins a session in one transaction with what proved the right to it, and tells of a device not seen before.

    It is of the organization that organization_to_enter says.

    Args:
        first: the account is made by the same transaction, so every device is a new one.

    Raises:
        UnauthenticatedError: a proof was used up meanwhile.
    """
    address_hash = mails.address_hash(user.email)
    organization_id = "" if first else organization_to_enter(user.user_id, now_ms)
    session = new_session(user.user_id, int(user.epoch), method, client, now_ms, organization_id=organization_id)
    is_known = known_device(client.device_token, address_hash)
    notices = [] if first or is_known else [_mail_of_new_device(user, client, now_ms)]
    all_writes = [*writes, session.put, *(write for notice in notices for write in notice.writes)]
    if not audit.commit(all_writes, [*changes, session.change], events=[notice.event for notice in notices]):
        raise UnauthenticatedError("this was used before: ask for another")
    _end_replaced(client, now_ms)
    device_token = client.device_token if is_known else new_device_token(address_hash)
    return SignedIn(user.contract(), session.secret, session.expires_ms, device_token, organization_id)


def _end_replaced(client: Client, now_ms: int) -> None:
    """The browser forgets the session it was in, so nobody could end it there any more."""
    replaced = replacement(client, now_ms)
    if replaced is not None:
        end, change = replaced
        audit.commit([end], [change])  # False: it had ended already


def security_notice(user: UserRecord, what: str) -> mails.MailRequest:
    """The mail about a change of how somebody signs in; `what` is a sentence."""
    content = mails.security_notice(what, link_to("account"))
    return mails.request_mail("identity", user.email, content, user_id=user.user_id)


def _mail_of_new_device(user: UserRecord, client: Client, now_ms: int) -> mails.MailRequest:
    origin = origin_of(client)
    when = f"{to_rfc3339(now_ms)[:16].replace('T', ' at ')} UTC"
    content = mails.new_device(origin.device, origin.place, when, link_to("account"))
    return mails.request_mail("identity", user.email, content, user_id=user.user_id)


def _method(name: str) -> SignInMethod:
    return next(method for method in get_args(SignInMethod) if method == name)


_LINKS: Mapping[str, tuple[Page, Callable[[str, str], MailContent], str]] = {
    "MAGIC_LINK": ("magic-link", mails.magic_link, "15 minutes"),
    "PASSWORD_RESET": ("reset-password", mails.password_reset, "30 minutes"),
}
