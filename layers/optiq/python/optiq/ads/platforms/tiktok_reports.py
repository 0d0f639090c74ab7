"""What is asked of TikTok about days, and what its rows mean.

Every metric is the same at every level. An ad's campaign and group are asked for as metrics: TikTok refuses them as
dimensions beside the ad.
"""

import json
from collections.abc import Mapping, Sequence

from optiq.ads.platforms.reported import Json, Level, ReportedRow
from optiq.ads.platforms.units import micros_of, micros_or_none, whole
from optiq.ads.platforms.verdicts import MovedPagesError

PATH = "report/integrated/get/"
_LEVELS: dict[Level, str] = {"ACCOUNT": "AUCTION_ADVERTISER", "CAMPAIGN": "AUCTION_CAMPAIGN", "AD": "AUCTION_AD"}
_IDS: dict[Level, str] = {"ACCOUNT": "advertiser_id", "CAMPAIGN": "campaign_id", "AD": "ad_id"}
_ABOVE: dict[Level, tuple[str, ...]] = {"ACCOUNT": (), "CAMPAIGN": (), "AD": ("campaign_id", "adgroup_id")}
_DAY = len("2026-10-01")
_NO_VALUE = "-"


def query(external_id: str, level: Level, first: str, last: str, claims: Mapping[str, str]) -> dict[str, str]:
    """A report's request, for days of at most a month, both included.

    Args:
        claims: the metrics that are an account's conversions: `claimed_count` and `claimed_value`.
    """
    return {
        "advertiser_id": external_id,
        "service_type": "AUCTION",
        "report_type": "BASIC",
        "data_level": _LEVELS[level],
        "dimensions": json.dumps([_IDS[level], "stat_time_day"]),
        "metrics": json.dumps(["spend", "impressions", "clicks", *claims.values(), *_ABOVE[level]]),
        "start_date": first,
        "end_date": last,
    }


def rows(level: Level, found: Sequence[Json], claims: Mapping[str, str]) -> list[ReportedRow]:
    """Raises BadNumberError for a number that cannot be, MovedPagesError for a day of an entity that is there twice."""
    read = [row for each in found if (row := _row(level, each, claims))]
    if len({(one.entity_id, one.day) for one in read}) < len(read):
        raise MovedPagesError
    return read


def _row(level: Level, found: Json, claims: Mapping[str, str]) -> ReportedRow | None:
    """None for a row without a value: it is absent, which is not 0."""
    dimensions, metrics = found["dimensions"], found["metrics"]
    spend = micros_or_none("spend", metrics.get("spend"))
    if spend is None:
        return None
    entity_id = str(dimensions[_IDS[level]])
    return ReportedRow(  # By place, which takes half the time that names take.
        str(dimensions["stat_time_day"])[:_DAY],
        entity_id,
        whole("impressions", _value(metrics, "impressions")),
        whole("clicks", _value(metrics, "clicks")),
        spend,
        micros_of("conversions", _value(metrics, claims["claimed_count"])),
        micros_of("conversions' value", _value(metrics, claims["claimed_value"])),
        0,  # TikTok tells neither of views nor of conversions by their own day.
        0,
        entity_id if level == "CAMPAIGN" else str(metrics.get("campaign_id", "")),
        str(metrics.get("adgroup_id", "")),
    )


def _value(metrics: Json, name: str) -> Json:
    found = metrics.get(name)
    return None if found == _NO_VALUE else found
