"""Ingestion tokens: made for a site, listed, revoked. A name is free again once its token is revoked."""

from collections.abc import Sequence
from operator import attrgetter
from typing import get_args

from optiq.audit import api as audit
from optiq.audit.contracts import Change, Fields
from optiq.identity import keys
from optiq.identity.contracts import IngestionToken, NewToken, TokenScope
from optiq.identity.networks import parse_networks
from optiq.identity.records import CredentialRecord, TokenNameRecord
from optiq.kernel.caller import OPERATOR, Origin
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.secrets import new_secret
from optiq.kernel.table import Put, Update

TOKEN_SCOPES: tuple[TokenScope, ...] = get_args(TokenScope)
SECRET_PREFIX = "wk"  # noqa: S105 - the beginning of every token, and no secret
_MAX_NAME = 100
_LIST = "tokens"


def create_token(
    organization_id: str,
    site_id: str,
    *,
    name: str,
    scopes: Sequence[str] = TOKEN_SCOPES,
    ip_allowlist: Sequence[str] = (),
    expires_ms: int | None = None,
    actor: str = OPERATOR,
    origin: Origin | None = None,
    clock: Clock = system_clock,
) -> NewToken:
    """Makes an ingestion token; its secret can be seen in the answer only.

    Args:
        actor, origin: who makes it, from where; without, it is the operator.

    Raises:
        InvalidError: a name, scope, network or expiry that cannot be.
        ConflictError: the site has a token of this name that is not revoked.
    """
    now_ms = clock()
    secret = new_secret(SECRET_PREFIX)
    token = IngestionToken(
        token_id=new_id("key", now_ms),
        name=_checked_name(name),
        prefix=secret.prefix,
        scopes=_checked_scopes(scopes),
        ip_allowlist=parse_networks(ip_allowlist),
        created_ms=now_ms,
        expires_ms=expires_ms,
        revoked_ms=None,
    )
    if expires_ms is not None and expires_ms <= now_ms:
        raise InvalidError("expires_at: must be in the future")
    name_key = keys.token_name(organization_id, site_id, token.name)
    free = TokenNameRecord.pk.does_not_exist() | TokenNameRecord.revoked_ms.exists()
    puts = [
        Put(_record(organization_id, site_id, token, secret.digest), CredentialRecord.pk.does_not_exist()),
        Put(TokenNameRecord(name_key.pk, name_key.sk, token_id=token.token_id), free),
    ]
    said: Fields = {
        "site_id": site_id,
        "name": token.name,
        "scopes": [str(scope) for scope in token.scopes],
        "ip_allowlist": list(token.ip_allowlist),
        "expires_ms": expires_ms,
    }
    made = Change(organization_id, actor, "token.created", token.token_id, {}, said, origin or Origin())
    if not audit.commit(puts, [made]):
        raise ConflictError(f"the site has a token named '{token.name}' already")
    return NewToken(token, secret.plain)


def list_tokens(organization_id: str, site_id: str, limit: int, cursor: str | None) -> Page[IngestionToken]:
    """A page of a site's tokens, newest first, revoked ones included. Raises InvalidError for another list's cursor."""
    after = place_after(cursor, _LIST)
    below = CredentialRecord.gsi1sk < after if after else None
    partition = keys.tokens_of_site(organization_id, site_id)
    found = CredentialRecord.by_second_key.query(partition, below, scan_index_forward=False, limit=limit + 1)
    return page_of(_LIST, [record.token() for record in found], limit, attrgetter("token_id"))


def revoke_token(
    organization_id: str,
    site_id: str,
    token_id: str,
    *,
    actor: str = OPERATOR,
    origin: Origin | None = None,
    clock: Clock = system_clock,
) -> None:
    """Ends a token; one that is revoked already stays as it is. Arguments as create_token. Raises NotFoundError."""
    partition = keys.tokens_of_site(organization_id, site_id)
    found: list[CredentialRecord] = list(
        CredentialRecord.by_second_key.query(partition, CredentialRecord.gsi1sk == token_id)
    )
    if not found:
        raise NotFoundError("there is no such token")
    (record,) = found
    now_ms = clock()
    if record.revoked_ms is None:
        unrevoked = CredentialRecord.pk.exists() & CredentialRecord.revoked_ms.does_not_exist()
        end = Update(CredentialRecord(record.pk, record.sk), [CredentialRecord.revoked_ms.set(now_ms)], unrevoked)
        said = {"site_id": site_id, "name": record.name}
        revoked = Change(organization_id, actor, "token.revoked", token_id, said, {}, origin or Origin())
        audit.commit([end], [revoked])
    # After the token itself, and again by who revokes again: a crash between leaves the name taken, never the token.
    key = keys.token_name(organization_id, site_id, record.name)
    holder = TokenNameRecord.get(key.pk, key.sk, consistent_read=True)
    if holder.token_id == token_id and holder.revoked_ms is None:
        holder.update(actions=[TokenNameRecord.revoked_ms.set(now_ms)], condition=TokenNameRecord.token_id == token_id)


def _record(organization_id: str, site_id: str, token: IngestionToken, digest: str) -> CredentialRecord:
    key = keys.credential(digest)
    return CredentialRecord(
        key.pk,
        key.sk,
        gsi1pk=keys.tokens_of_site(organization_id, site_id),
        gsi1sk=token.token_id,
        credential_id=token.token_id,
        organization_id=organization_id,
        site_id=site_id,
        scopes=list(token.scopes),
        ip_allowlist=list(token.ip_allowlist),
        prefix=token.prefix,
        name=token.name,
        created_ms=token.created_ms,
        expires_ms=token.expires_ms,
    )


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= _MAX_NAME or not name.isprintable():
        raise InvalidError(f"name: must have 1 to {_MAX_NAME} printable characters")
    return name


def _checked_scopes(scopes: Sequence[str]) -> tuple[TokenScope, ...]:
    unknown = set(scopes) - set(TOKEN_SCOPES)
    if unknown or not scopes:
        raise InvalidError(f"scopes: must be some of {', '.join(TOKEN_SCOPES)}")
    return tuple(scope for scope in TOKEN_SCOPES if scope in scopes)
