"""Ingestion tokens as the API shows them."""

from collections.abc import Sequence
from typing import Annotated

from optiq.collect.ingest.contracts import TokenUse
from optiq.identity.contracts import IngestionToken, NewToken, Scope, TokenScope
from optiq.kernel.clock import to_rfc3339, to_rfc3339_or_none
from pydantic import BaseModel, Field


class TokenRequest(BaseModel):
    """A token to make; without `expires_at` it is valid until it is revoked."""

    name: Annotated[str, Field(examples=["orders service"])]
    scopes: list[TokenScope] = ["ingest", "import"]
    ip_allowlist: Annotated[list[str], Field(examples=[["203.0.113.0/24", "2001:db8::/32"]])] = []
    expires_at: Annotated[str | None, Field(examples=["2027-01-31T00:00:00Z"])] = None


class TokenUseDocument(BaseModel):
    """The events that came by a token on one day of the site."""

    day: str
    events: int


class TokenDocument(BaseModel):
    """An ingestion token, without its secret.

    `last_used_at` is when the last event came by it, and `usage` the events of each day with any, both of the last
    90 days.
    """

    token_id: str
    name: str
    prefix: str
    scopes: list[Scope]
    ip_allowlist: list[str]
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None
    usage: list[TokenUseDocument]

    @classmethod
    def of(cls, token: IngestionToken, uses: Sequence[TokenUse]) -> "TokenDocument":
        return cls(
            token_id=token.token_id,
            name=token.name,
            prefix=token.prefix,
            scopes=list(token.scopes),
            ip_allowlist=list(token.ip_allowlist),
            created_at=to_rfc3339(token.created_ms),
            expires_at=to_rfc3339_or_none(token.expires_ms),
            revoked_at=to_rfc3339_or_none(token.revoked_ms),
            last_used_at=to_rfc3339_or_none(max((use.last_ms for use in uses), default=None)),
            usage=[TokenUseDocument(day=use.day.isoformat(), events=use.events) for use in uses],
        )


class NewTokenDocument(BaseModel):
    """A token just made. `secret` is shown this once."""

    secret: str
    token: TokenDocument

    @classmethod
    def of(cls, made: NewToken) -> "NewTokenDocument":
        return cls(secret=made.secret, token=TokenDocument.of(made.token, ()))


class TokensDocument(BaseModel):
    items: list[TokenDocument]
    cursor: str | None
