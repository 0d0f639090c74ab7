"""Accounts by mail: sign-up, and a reset of a forgotten password."""

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity.people import passwords, throttle
from optiq.identity.people.admission import forget_known
from optiq.identity.people.changing import KEPT, check_new_password, new_epoch, own_words_of
from optiq.identity.people.contracts import Client, SignedIn, User
from optiq.identity.people.expected import may_sign_up, require_may_sign_up
from optiq.identity.people.links import link_to
from optiq.identity.people.origins import new_device_token, origin_of
from optiq.identity.people.proofs import new_proof, read_proof
from optiq.identity.people.records import UserRecord
from optiq.identity.people.signing_in import mail_link, open_session, reserve_mail, security_notice, send_with
from optiq.identity.people.users import checked_name, find_user, get_user, new_user
from optiq.kernel.caller import OPERATOR
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, UnauthenticatedError
from optiq.kernel.ids import new_id
from optiq.mail import api as mails


def sign_up(email: str, name: str, password: str, client: Client, clock: Clock = system_clock) -> None:
    """Mails a link that makes the account; to an address that has one, that it has; to one that may not, that.

    Until then there is no account: nobody can hold an address that is not theirs.

    Raises:
        InvalidError: an address, name or password that cannot be. LimitExceededError: too many such mails.
    """
    email, name, now_ms = mails.check_address(email), checked_name(name), clock()
    passwords.check_password(password, second_factor=False, own_words=own_words_of(email, name))
    address_hash = mails.address_hash(email)
    reserve_mail("SIGN_UP", address_hash, client, now_ms)
    data = {"email": email, "name": name, "password": passwords.hash_password(password)}
    user, allowed = find_user(address_hash), may_sign_up(email, now_ms)
    if user is None and not allowed:
        proof = new_proof("NOTHING", now_ms)
        content, to = mails.sign_up_closed(link_to("sign-up")), email
    elif user is None:
        proof = new_proof("SIGN_UP", now_ms, data=data)
        content, to = mails.verification(link_to("verify-email", proof.secret), "24 hours"), email
    else:
        proof = new_proof("NOTHING", now_ms)
        content, to = mails.account_exists(link_to("sign-in")), user.email
    send_with(proof, to, content, user, clock)


def verify_email(secret: str, password: str, client: Client, clock: Clock = system_clock) -> SignedIn:
    """Makes the account of a sign-up, and its first session.

    The password is asked for again: who opens the link of a sign-up that somebody else began with their address would
    otherwise have an account that the other can open too.

    Raises:
        UnauthenticatedError: the link is not good any more, or the password is not the one of the sign-up.
        LimitExceededError: too many wrong passwords. ForbiddenError: the address may not sign up any more.
    """
    now_ms = clock()
    proof = read_proof("SIGN_UP", secret, now_ms)
    tries = throttle.reserve(throttle.PROVING, proof.digest, now_ms)
    if not passwords.is_password(proof.data["password"], password):
        raise UnauthenticatedError("this is not the password of the sign-up")
    tries.give_back()
    email = proof.data["email"]
    require_may_sign_up(email, now_ms)
    user, writes = new_user(
        new_id("user", now_ms),
        mails.address_hash(email),
        email,
        proof.data["name"],
        proof.data["password"],
        now_ms,
    )
    made = Change(user.user_id, user.user_id, "user.created", user.user_id, origin=origin_of(client))
    return open_session(user, "SIGN_UP", client, [proof.use, *writes], [made], now_ms, first=True)


def create_person(email: str, name: str, password: str, clock: Clock = system_clock) -> User:
    """Makes an account by the operator's word that the address is the person's.

    Raises:
        InvalidError: an address, name or password that cannot be. ConflictError: the address has an account.
    """
    email, name, now_ms = mails.check_address(email), checked_name(name), clock()
    passwords.check_password(password, second_factor=False, own_words=own_words_of(email, name))
    hashed, address_hash = passwords.hash_password(password), mails.address_hash(email)
    user, writes = new_user(new_id("user", now_ms), address_hash, email, name, hashed, now_ms)
    if not audit.commit(writes, [Change(user.user_id, OPERATOR, "user.created", user.user_id)]):
        raise ConflictError("email: the address has an account already")
    return user.contract()


def request_password_reset(email: str, client: Client, clock: Clock = system_clock) -> None:
    """Mails a link to reset the password; an address without an account gets a mail that there is none.

    Raises:
        LimitExceededError: too many such mails.
    """
    mail_link("PASSWORD_RESET", email, client, clock)


def reset_password(secret: str, password: str, client: Client, clock: Clock = system_clock) -> str:
    """Sets a password by a link and ends every session; signing in with it then asks for the second factor as ever.

    API keys and linked providers stay, which the mail that tells of it says.

    Returns:
        A device token: who can read the person's mail is not kept out by strangers' guesses.

    Raises:
        UnauthenticatedError: the link is not good any more. InvalidError: a password that may not be chosen.
    """
    now_ms = clock()
    proof = read_proof("PASSWORD_RESET", secret, now_ms)
    user = get_user(proof.user_id)
    if user.epoch != proof.epoch or user.status != "ACTIVE":
        raise UnauthenticatedError("this is not good any more: ask for another")
    check_new_password(user, password)
    update = new_epoch(user, now_ms, UserRecord.password.set(passwords.hash_password(password)))
    change = Change(user.user_id, user.user_id, "password.reset", user.user_id, origin=origin_of(client))
    notice = security_notice(user, f"Your password was changed by a link sent by mail. {KEPT}")
    if not audit.commit([proof.use, update, *notice.writes], [change], events=[notice.event]):
        raise UnauthenticatedError("this was used before: ask for another")
    forget_known()
    return new_device_token(mails.address_hash(user.email))
