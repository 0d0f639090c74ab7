"""Who is calling, and what they may do."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal["ingest", "import", "manage"]
TokenScope = Literal["ingest", "import"]


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a valid secret.

    Attributes:
        site_id: the site an ingestion token belongs to, or "".
        scopes: `ingest` sends events to `site_id`, `import` dates them in the past as well; `manage` uses the API of
            the whole organization.
        ip_allowlist: the networks it may be used from; none for all.
        expires_ms: when it stops being valid, or None.
    """

    credential_id: str
    organization_id: str
    site_id: str
    scopes: frozenset[Scope]
    ip_allowlist: tuple[str, ...] = ()
    expires_ms: int | None = None


@dataclass(frozen=True, slots=True)
class IngestionToken:
    """An ingestion token as it may be shown: never its secret. Attributes as in Principal."""

    token_id: str
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    ip_allowlist: tuple[str, ...]
    created_ms: int
    expires_ms: int | None
    revoked_ms: int | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made, with the secret that is shown only now."""

    token: IngestionToken
    secret: str
