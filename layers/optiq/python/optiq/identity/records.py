"""Credentials in the table: only a secret's SHA-256 and its first characters are kept."""

from typing import cast

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute

from optiq.identity.contracts import IngestionToken, Principal, Scope
from optiq.kernel.table import BySecondKey, Record, whole_or_none


class CredentialRecord(Record):
    """An API key or an ingestion token, found by the hash of its secret; tokens also by their site."""

    by_second_key = BySecondKey()

    credential_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    site_id = UnicodeAttribute(default="")
    scopes = ListAttribute(of=UnicodeAttribute)
    ip_allowlist = ListAttribute(of=UnicodeAttribute, default=list)
    prefix = UnicodeAttribute()
    name = UnicodeAttribute()
    created_ms = NumberAttribute()
    expires_ms = NumberAttribute(null=True)
    revoked_ms = NumberAttribute(null=True)

    def principal(self) -> Principal:
        return Principal(
            credential_id=self.credential_id,
            organization_id=self.organization_id,
            site_id=self.site_id,
            scopes=frozenset(_scopes(self)),
            ip_allowlist=tuple(str(network) for network in self.ip_allowlist),
            expires_ms=whole_or_none(self.expires_ms),
        )

    def token(self) -> IngestionToken:
        return IngestionToken(
            token_id=self.credential_id,
            name=self.name,
            prefix=self.prefix,
            scopes=_scopes(self),
            ip_allowlist=tuple(str(network) for network in self.ip_allowlist),
            created_ms=int(self.created_ms),
            expires_ms=whole_or_none(self.expires_ms),
            revoked_ms=whole_or_none(self.revoked_ms),
        )


class TokenNameRecord(Record):
    """Who holds a name among a site's tokens; a revoked token has given it up."""

    token_id = UnicodeAttribute()
    revoked_ms = NumberAttribute(null=True)


def _scopes(record: CredentialRecord) -> tuple[Scope, ...]:
    return tuple(cast(Scope, str(scope)) for scope in record.scopes)
