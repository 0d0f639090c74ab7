"""Who is calling, and what they may do."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal["ingest", "manage"]


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a valid secret.

    Attributes:
        scope: `ingest` sends events to `site_id`; `manage` uses the API of the whole organization.
        site_id: the site an ingestion token belongs to, or "".
    """

    credential_id: str
    organization_id: str
    site_id: str
    scope: Scope
