"""What an operator gets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """A key for one organization, for a while.

    Attributes:
        site_id: the site that was asked for, or "".
        key: what is sent as `Authorization: Bearer …`.
    """

    organization_id: str
    site_id: str
    key: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What came on a day (in UTC) and names no known site.

    Attributes:
        not_kept: how much of it is only counted.
    """

    day: str
    failed: int
    not_kept: int
