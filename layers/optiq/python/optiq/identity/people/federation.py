"""Signing in by way of a provider that vouches for a verified address.

An account at a provider is linked to a person when it makes the person's account, or by the person, signed in. It is
never linked because addresses are the same: the address of an account here was proved by its holder, not by whoever
holds it at the provider.
"""

import hmac
from typing import cast

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity import keys
from optiq.identity.people import throttle
from optiq.identity.people.changing import in_session, prove
from optiq.identity.people.contracts import (
    Client,
    LinkedProvider,
    OAuthStart,
    Person,
    SecondFactorNeeded,
    SignedIn,
    SignInMethod,
)
from optiq.identity.people.expected import require_may_sign_up
from optiq.identity.people.gateways.providers import Handshake, Provider, ProviderAccount, get_provider
from optiq.identity.people.origins import network_hash, origin_of
from optiq.identity.people.proofs import Proof, new_proof, read_proof
from optiq.identity.people.records import OAuthRecord, UserRecord
from optiq.identity.people.signing_in import begin, open_session, security_notice
from optiq.identity.people.users import checked_name, find_user, get_user, new_user
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnauthenticatedError
from optiq.kernel.ids import new_id
from optiq.kernel.keys import Key
from optiq.kernel.secrets import identity_hash
from optiq.kernel.settings import settings
from optiq.kernel.table import Put, Update, write_together
from optiq.mail import api as mails
from optiq.ports import wiring


def start_provider_sign_in(provider: str, client: Client, clock: Clock = system_clock) -> OAuthStart:
    """Where to send somebody who wants to sign in.

    Raises:
        NotFoundError: there is no such provider. LimitExceededError: too many begin in their network. UpstreamError.
    """
    known, now_ms = get_provider(provider), clock()
    throttle.reserve(throttle.PROVIDER_STARTS, network_hash(client.ip), now_ms)
    return _start(known, now_ms)


def start_linking(person: Person, provider: str, password: str, clock: Clock = system_clock) -> OAuthStart:
    """Where to send a person who wants to link an account of theirs; needs what other changes of signing in need."""
    user = prove(person, password, clock())
    return _start(get_provider(provider), clock(), user)


def finish_provider_sign_in(
    provider: str, state: str, kept_state: str, code: str, client: Client, clock: Clock = system_clock
) -> SignedIn | SecondFactorNeeded | None:
    """Takes who comes back from a provider. None: the account there was linked to who is signed in.

    Args:
        kept_state: the state as the browser kept it, which is the one that was sent away.

    Raises:
        UnauthenticatedError: this did not begin here, or the provider does not vouch for it.
        ForbiddenError: the provider knows no verified address. ConflictError: the address has an account already, or
            the account at the provider is another person's. UpstreamError: the provider failed.
    """
    now_ms, known = clock(), get_provider(provider)
    if not state or not hmac.compare_digest(state.encode(), kept_state.encode()):
        raise UnauthenticatedError("this did not begin in this browser")
    proof = read_proof("OAUTH", state, now_ms)
    if proof.data["provider"] != known.name or write_together([proof.use]):
        raise UnauthenticatedError("this is not good any more: try again")
    account = known.account(_handshake(known, state), code)
    if proof.user_id:
        _link(proof, known, account, client, now_ms)
        return None
    record = _holder(known, account)
    if record is not None:
        user = get_user(record.user_id)
        if user.status != "ACTIVE":
            raise UnauthenticatedError("this account is not in use")
        return begin(user, _method(known), client, [], now_ms)
    return _sign_up(known, account, client, now_ms)


def linked_providers(person: Person) -> list[LinkedProvider]:
    in_session(person, system_clock())
    return [LinkedProvider(record.gsi1sk or "", int(record.linked_ms)) for record in _linked(person.user_id)]


def unlink_provider(person: Person, provider: str, password: str, client: Client, clock: Clock = system_clock) -> None:
    """Raises NotFoundError when none is linked, ForbiddenError as other changes of signing in."""
    now_ms = clock()
    prove(person, password, now_ms)
    found = [record for record in _linked(person.user_id) if record.gsi1sk == provider]
    if not found:
        raise NotFoundError("there is no such linked account")
    still = (OAuthRecord.user_id == person.user_id) & OAuthRecord.removed_ms.does_not_exist()
    end = Update(OAuthRecord(found[0].pk, found[0].sk), [OAuthRecord.removed_ms.set(now_ms)], still)
    change = Change(
        person.user_id,
        person.user_id,
        "provider.unlinked",
        person.user_id,
        {"provider": provider},
        {},
        origin_of(client),
    )
    audit.commit([end], [change])


def _start(provider: Provider, now_ms: int, user: UserRecord | None = None) -> OAuthStart:
    proof = new_proof(
        "OAUTH",
        now_ms,
        user_id=user.user_id if user else "",
        epoch=int(user.epoch) if user else 0,
        data={"provider": provider.name},
    )
    url = provider.authorization_url(_handshake(provider, proof.secret))
    write_together([proof.put])
    return OAuthStart(url, proof.secret, proof.expires_ms)


def _handshake(provider: Provider, state: str) -> Handshake:
    """Nonce and verifier follow from the state and the platform secret, so neither stands anywhere."""
    first, second, nonce = (
        identity_hash(wiring.platform_secret(), "", kind, state) for kind in ("oauth-1", "oauth-2", "oauth-nonce")
    )
    callback = f"{settings().public_url}/v1/sign-in/oauth/{provider.name.lower()}/callback"
    return Handshake(callback, state, nonce, first + second)


def _link(proof: Proof, provider: Provider, account: ProviderAccount, client: Client, now_ms: int) -> None:
    user = get_user(proof.user_id)
    if user.epoch != proof.epoch or user.status != "ACTIVE":
        raise UnauthenticatedError("this is not good any more: sign in again")
    _verified_address(account)
    if any(record.gsi1sk == provider.name for record in _linked(user.user_id)):
        raise ConflictError("an account of this provider is linked already")
    after = {"provider": provider.name}
    change = Change(user.user_id, user.user_id, "provider.linked", user.user_id, {}, after, origin_of(client))
    notice = security_notice(user, f"Signing in with {provider.name.title()} was turned on.")
    writes = [_hold(provider, account, user.user_id, now_ms), *notice.writes]
    if not audit.commit(writes, [change], events=[notice.event]):
        raise ConflictError("the account at the provider is linked to a person already")


def _sign_up(provider: Provider, account: ProviderAccount, client: Client, now_ms: int) -> SignedIn:
    email = _verified_address(account)
    address_hash = mails.address_hash(email)
    if find_user(address_hash) is not None:
        raise ConflictError("the address has an account already: sign in to it, then link the provider")
    require_may_sign_up(email, now_ms)
    user, writes = new_user(new_id("user", now_ms), address_hash, email, _name(account, email), None, now_ms)
    change = Change(user.user_id, user.user_id, "user.created", user.user_id, origin=origin_of(client))
    hold = _hold(provider, account, user.user_id, now_ms)
    return open_session(user, _method(provider), client, [*writes, hold], [change], now_ms, first=True)


def _verified_address(account: ProviderAccount) -> str:
    try:
        return mails.check_address(account.email)
    except InvalidError as error:
        raise ForbiddenError("the provider knows no verified address") from error


def _name(account: ProviderAccount, email: str) -> str:
    try:
        return checked_name(account.name)
    except InvalidError:
        return email.partition("@")[0]


def _key(provider: Provider, account: ProviderAccount) -> Key:
    subject_hash = identity_hash(wiring.platform_secret(), "", f"oauth.{provider.name}", account.subject)
    return keys.provider_account(provider.name, subject_hash)


def _holder(provider: Provider, account: ProviderAccount) -> OAuthRecord | None:
    try:
        record = OAuthRecord.get(*_key(provider, account), consistent_read=True)
    except OAuthRecord.DoesNotExist:
        return None
    return record if record.removed_ms is None else None


def _hold(provider: Provider, account: ProviderAccount, user_id: str, now_ms: int) -> Put:
    record = OAuthRecord(
        *_key(provider, account),
        gsi1pk=keys.provider_accounts_of(user_id),
        gsi1sk=provider.name,
        user_id=user_id,
        linked_ms=now_ms,
    )
    return Put(record, OAuthRecord.pk.does_not_exist() | OAuthRecord.removed_ms.exists())


def _linked(user_id: str) -> list[OAuthRecord]:
    found = OAuthRecord.by_second_key.query(keys.provider_accounts_of(user_id))
    return [record for record in found if record.removed_ms is None]


def _method(provider: Provider) -> SignInMethod:
    return cast(SignInMethod, provider.name)
