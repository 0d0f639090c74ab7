"""Campaigns, groups and ads of advertising accounts, with every name that they had."""

from dataclasses import dataclass
from typing import Literal

from optiq.ads.platforms.reported import EntityId as EntityId
from optiq.ads.platforms.reported import EntityLevel as EntityLevel

Names = Literal["then", "now"]
"""Whether a report of old days shows names as they were on its last day, or as they are."""


@dataclass(frozen=True, slots=True)
class EntityName:
    """A name, and since when it was read so."""

    name: str
    since_ms: int


@dataclass(frozen=True, slots=True)
class Entity:
    """A campaign, group or ad of an account.

    Attributes:
        external_id, campaign_id, group_id: as `EntityId`.
        names: every name, the oldest first; at least one. platform_status: the platform's own word.
        kind: of a campaign, such as SEARCH.
        first_seen_ms: when it was read first. last_seen_ms: when the platform's lists had it last.
        gone_ms: when the lists were first without it, or None. What it did on its days stays.
    """

    level: EntityLevel
    external_id: str
    campaign_id: str
    group_id: str
    names: tuple[EntityName, ...]
    platform_status: str
    kind: str
    first_seen_ms: int
    last_seen_ms: int
    gone_ms: int | None = None

    @property
    def id(self) -> EntityId:
        return EntityId(self.level, self.external_id, self.campaign_id, self.group_id)

    @property
    def name(self) -> str:
        """The newest name, or the id of what has none."""
        return self.names[-1].name or self.external_id

    def name_at(self, instant_ms: int) -> str:
        """The name that it had; the first one before it was read first."""
        had = [one.name for one in self.names if one.since_ms <= instant_ms] or [self.names[0].name]
        return had[-1] or self.external_id
