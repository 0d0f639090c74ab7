"""How long an organization's data is kept."""

from dataclasses import dataclass
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class Retention:
    """Days for each class that may be set. `version` grows by one with every change.

    Attributes:
        events_days: events and what is derived of them; their daily totals stay.
        ads_days: costs and results of ads.
        errors_days: occurrences of errors.
        audit_days: entries of the audit log.
    """

    organization_id: str
    events_days: int = 730
    ads_days: int = 3_650
    errors_days: int = 30
    audit_days: int = 2_557
    version: int = 0


class RetentionChange(TypedDict, total=False):
    """What to change; what is absent stays."""

    events_days: int
    ads_days: int
    errors_days: int
    audit_days: int


@dataclass(frozen=True, slots=True)
class Swept:
    """What a run removed: files of the lake, and entries of audit logs; of how many organizations."""

    organizations: int = 0
    files: int = 0
    entries: int = 0
    finished: bool = False
