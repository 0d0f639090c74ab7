"""Credentials of servers: what they send with a request, and what it allows."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal["ingest", "import", "manage"]
TokenScope = Literal["ingest", "import"]


@dataclass(frozen=True, slots=True)
class Credential:
    """An ingestion token of a site, or an API key of an organization. Of its secret only the hash is kept.

    Attributes:
        digest: SHA-256 of the secret. prefix: its first characters, to tell several apart.
        site_id: the site a token belongs to; "" for an API key.
        scopes: `ingest` sends events to `site_id`, `import` dates them in the past as well; `manage` uses the API of
            the whole organization.
        ip_allowlist: the networks it may be used from; none for all.
        expires_ms: when it stops being valid, or None. revoked_ms: when somebody revoked it, or None.
    """

    organization_id: str
    digest: str
    credential_id: str
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_ms: int
    site_id: str = ""
    ip_allowlist: tuple[str, ...] = ()
    expires_ms: int | None = None
    revoked_ms: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just created, with the secret that is shown only now."""

    token: Credential
    secret: str
