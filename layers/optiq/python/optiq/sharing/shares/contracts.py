"""A share link: a dashboard or a saved view, for whoever has its address."""

from dataclasses import dataclass

from optiq.sharing.contracts import SharedKind
from optiq.sharing.dashboards.contracts import CardAnswer


@dataclass(frozen=True, slots=True)
class ShareLink:
    """
    Attributes:
        share_id: a hash of the link's token, which is not kept.
        kind: of what is shared. shared_id: of the dashboard or the view.
        label: for the organization: who the link is for.
        owner_id: the user, or the key, who made it; it shows what they may see, while they may.
        revoked_ms: when it was revoked, or None.
        version: grows by one with every change.
    """

    organization_id: str
    site_id: str
    share_id: str
    kind: SharedKind
    shared_id: str
    label: str
    owner_id: str
    created_ms: int
    expires_ms: int
    revoked_ms: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class ListedShare:
    """A share link, and when it was last used, to a minute; None for never."""

    link: ShareLink
    used_ms: int | None


@dataclass(frozen=True, slots=True)
class NewShare:
    """A share link just made. `address` has its token and is known only now."""

    link: ShareLink
    address: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What a share link shows: nothing of the organization but this."""

    name: str
    kind: SharedKind
    expires_ms: int
    cards: tuple[CardAnswer, ...]
