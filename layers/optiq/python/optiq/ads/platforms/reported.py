"""What platforms report: entities, rows by day and hour, clicks, and how much of a quota is used."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Level = Literal["ACCOUNT", "CAMPAIGN", "AD"]
EntityLevel = Literal["CAMPAIGN", "GROUP", "AD"]


class ReportedRow(NamedTuple):
    """What an entity did on a day of the account, as the platform says. Money is in the account's currency.

    A tuple, because a pull reads thousands: it is made of columns and becomes columns at once.

    Attributes:
        entity_id: the account, campaign or ad. campaign_id, group_id: above it; "" for none.
        kind: of the campaign, such as SEARCH.
        claimed_count_micros … view_through_micros: conversions that the platform counts as its own, × 10⁶.
        claimed_by_conversion_day_micros: the same as claimed_count_micros, on the days on which they happened.
    """

    day: str
    entity_id: str
    impressions: int
    clicks: int
    spend_micros: int
    claimed_count_micros: int = 0
    claimed_value_micros: int = 0
    view_through_micros: int = 0
    claimed_by_conversion_day_micros: int = 0
    campaign_id: str = ""
    group_id: str = ""
    kind: str = ""


ADDING_UP = slice(2, 9)
"""The columns of a ReportedRow that add up: from impressions to claimed_by_conversion_day_micros."""


def rows_of(*columns: Iterable[object]) -> list[ReportedRow]:
    """The rows of these columns, which are those of a ReportedRow, in its order."""
    return [*map(ReportedRow._make, zip(*columns, strict=True))]


@dataclass(frozen=True, slots=True)
class EntityId:
    """A campaign, a group (Meta's ad set, TikTok's ad group) or an ad of an account.

    Attributes:
        external_id: its own id. campaign_id: its campaign's; a campaign's own. group_id: an ad's group, a group's own.
    """

    level: EntityLevel
    external_id: str
    campaign_id: str
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class VendorEntity:
    """A campaign, group or ad as the platform lists it.

    Attributes:
        status: the platform's own word. kind: of a campaign, such as SEARCH; "" where the platform has none.
    """

    id: EntityId
    name: str
    status: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ReportedHour:
    """What a campaign did in an hour of a day, both by the account's clock. Money is in the account's currency."""

    day: str
    hour: int
    campaign_id: str
    impressions: int
    clicks: int
    spend_micros: int


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of its quota a platform says is used.

    Attributes:
        percent: of the quota that is nearest to its end. 100 is no error yet.
        wait_seconds: so long the platform answers nothing more; 0 where it says nothing.
        scope: the quota's: ACCOUNT, or APP for every account of ours.
    """

    percent: int
    wait_seconds: int = 0
    scope: Literal["ACCOUNT", "APP"] = "ACCOUNT"


@dataclass(frozen=True, slots=True)
class ReportedClick:
    """A click on an ad, as the platform says."""

    click_id: str
    campaign_id: str
    group_id: str
    ad_id: str


Json = Any
"""JSON of a platform, read by its adapter alone. Numbers with a point are texts, as they came."""
