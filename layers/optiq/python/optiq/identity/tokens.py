"""Ingestion tokens: created for a site, listed, revoked. A name is free again once its token is revoked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from optiq.audit.contracts import Change, Fields
from optiq.identity import keys
from optiq.identity.contracts import Credential, NewToken, TokenScope
from optiq.identity.credentials import CREDENTIALS
from optiq.identity.networks import parse_networks
from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.kernel.secrets import new_secret

TOKEN_SCOPES: tuple[TokenScope, ...] = get_args(TokenScope)
SECRET_PREFIX = "wk"  # noqa: S105 - the beginning of every token, and no secret
_MAX_NAME = 100


def create_token(
    caller: Caller,
    site_id: str,
    *,
    name: str,
    scopes: Sequence[str] = TOKEN_SCOPES,
    ip_allowlist: Sequence[str] = (),
    expires_ms: int | None = None,
    clock: Clock = system_clock,
) -> NewToken:
    """Creates an ingestion token of a site of the caller's; its secret can be seen in the answer only.

    Raises:
        InvalidError: a name, scope, network or expiry that cannot be.
        ConflictError: the site has a token of this name that is not revoked.
    """
    now_ms = clock()
    secret = new_secret(SECRET_PREFIX)
    token = Credential(
        organization_id=caller.organization_id,
        digest=secret.digest,
        credential_id=new_id("key", now_ms),
        name=checked_name(name, _MAX_NAME),
        prefix=secret.prefix,
        scopes=_checked_scopes(scopes),
        created_ms=now_ms,
        site_id=site_id,
        ip_allowlist=parse_networks(ip_allowlist),
        expires_ms=expires_ms,
    )
    if expires_ms is not None and expires_ms <= now_ms:
        raise InvalidError("expires_at: must be in the future")
    values: Fields = {
        "site_id": site_id,
        "name": token.name,
        "scopes": [str(scope) for scope in token.scopes],
        "ip_allowlist": list(token.ip_allowlist),
        "expires_ms": expires_ms,
    }
    entry = _entry(caller, "token.created", token, {}, values)
    CREDENTIALS.adding(caller, token, entry=entry, clock=clock).commit()
    return NewToken(token, secret.plain)


def list_tokens(caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[Credential]:
    """A page of a site's tokens, newest first, revoked ones included. Raises InvalidError for another list's cursor."""
    return CREDENTIALS.page(keys.tokens_of_site(caller.organization_id, site_id), limit, cursor)


def revoke_token(caller: Caller, site_id: str, token_id: str, *, clock: Clock = system_clock) -> None:
    """Ends a token; one that is revoked already stays as it is.

    Raises:
        NotFoundError: the site has no such token. ConflictError: somebody else revoked it just then.
    """
    listed = CREDENTIALS.in_index(keys.tokens_of_site(caller.organization_id, site_id), token_id)
    token = CREDENTIALS.find(listed[0].digest) if listed else None
    if token is None:
        raise CREDENTIALS.unknown()
    if token.revoked_ms is not None:
        return
    entry = _entry(caller, "token.revoked", token, {"site_id": site_id, "name": token.name}, {})
    ended = replace(token, revoked_ms=clock())
    CREDENTIALS.changing(caller, token, ended, entry=entry, clock=clock)[1].commit()


def _entry(caller: Caller, action: str, token: Credential, before: Fields, after: Fields) -> Change:
    return Change(caller.organization_id, caller.actor, action, token.credential_id, before, after, caller.origin)


def _checked_scopes(scopes: Sequence[str]) -> tuple[TokenScope, ...]:
    unknown = set(scopes) - set(TOKEN_SCOPES)
    if unknown or not scopes:
        raise InvalidError(f"scopes: must be some of {', '.join(TOKEN_SCOPES)}")
    return tuple(scope for scope in TOKEN_SCOPES if scope in scopes)
