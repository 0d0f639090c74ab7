"""Ingestion tokens as the API writes them."""

from collections.abc import Sequence
from typing import Annotated

from optiq.collect.ingest.contracts import TokenUse
from optiq.identity.contracts import Credential, Scope, TokenScope
from optiq.kernel.schemas import Day, In, Instant, InstantIn, Out, PageOut, fields_of
from pydantic import AliasChoices, BeforeValidator, Field


class TokenIn(In):
    """A token to create; without `expires_at` it is valid until it is revoked."""

    name: str = Field(examples=["orders service"])
    scopes: tuple[TokenScope, ...] = ("ingest", "import")
    ip_allowlist: tuple[str, ...] = Field(default=(), examples=[["203.0.113.0/24", "2001:db8::/32"]])
    expires_at: InstantIn | None = None


class TokenUseOut(Out):
    """The events that came by a token on one day of the site."""

    day: Annotated[Day, BeforeValidator(str)]
    events: int


class TokenOut(Out):
    """An ingestion token, without its secret.

    `last_used_at` is when the last event came by it, and `usage` the events of each day with any, both of the last
    90 days.
    """

    token_id: str = Field(validation_alias=AliasChoices("credential_id", "token_id"))
    name: str
    prefix: str
    scopes: list[Scope]
    ip_allowlist: list[str]
    created_at: Instant
    expires_at: Instant | None
    revoked_at: Instant | None
    last_used_at: Instant | None
    usage: list[TokenUseOut]

    @classmethod
    def used(cls, token: Credential, uses: Sequence[TokenUse]) -> "TokenOut":
        last_used_ms = max((use.last_ms for use in uses), default=None)
        return cls.model_validate(fields_of(token) | {"last_used_ms": last_used_ms, "usage": uses})


class NewTokenOut(Out):
    """A token just created. `secret` is shown this once."""

    secret: str
    token: TokenOut


class TokensOut(PageOut[TokenOut]):
    """Newest first, revoked ones included."""
