"""What is asked of TikTok about days, and what its rows mean.

Every metric is the same at every level. An ad's campaign and group are asked for as metrics: TikTok refuses them as
dimensions beside the ad.
"""

import json
from collections.abc import Mapping, Sequence

from optiq.ads.platforms.reported import Json, Level, ReportedRow, rows_of
from optiq.ads.platforms.units import micros_of, wholes
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
    """Those that have a value: of others it is absent, which is not 0.

    Raises BadNumberError for a number that cannot be, MovedPagesError for a day of an entity that is there twice.
    """
    found = [one for one in found if one["metrics"].get("spend") != _NO_VALUE]
    dimensions, metrics = [one["dimensions"] for one in found], [one["metrics"] for one in found]
    days, ids = [str(one["stat_time_day"])[:_DAY] for one in dimensions], [str(one[_IDS[level]]) for one in dimensions]
    if len(set(zip(ids, days, strict=True))) < len(found):
        raise MovedPagesError
    return rows_of(
        days,
        ids,
        wholes("impressions", _values(metrics, "impressions")),
        wholes("clicks", _values(metrics, "clicks")),
        micros_of("spend", _values(metrics, "spend")),
        micros_of("conversions", _values(metrics, claims["claimed_count"])),
        micros_of("conversions' value", _values(metrics, claims["claimed_value"])),
        [0] * len(found),  # TikTok tells neither of views nor of conversions by their own day.
        [0] * len(found),
        ids if level == "CAMPAIGN" else [str(one.get("campaign_id", "")) for one in metrics],
        [str(one.get("adgroup_id", "")) for one in metrics],
        [""] * len(found),
    )


def _values(metrics: Sequence[Json], name: str) -> list[Json]:
    found = [one.get(name) for one in metrics]
    return [None if one == _NO_VALUE else one for one in found]
