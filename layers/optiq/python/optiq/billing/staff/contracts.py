"""What staff see of organizations."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TenantCost:
    """A month of an organization.

    Attributes:
        plan: that it is entitled to now.
        page_events, server_events: stored events that came by public keys, and by ingestion tokens.
        cost_micros: of these, in dollars. paid_micros: what it paid by currency, refunds taken off.
    """

    organization_id: str
    name: str
    plan: str
    page_events: int
    server_events: int
    cost_micros: int
    paid_micros: Mapping[str, int]
