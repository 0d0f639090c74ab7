"""What other contexts may know of billing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Balance:
    """An organization's credits, all in whole credits.

    Attributes:
        available: what can be spent now; less than 0 while credits are owed.
        held: set aside by open holds, beside what is available.
    """

    organization_id: str
    available: int
    held: int
