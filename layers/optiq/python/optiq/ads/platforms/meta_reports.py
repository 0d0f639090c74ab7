"""What is asked of Meta's insights about days, and what its rows mean.

All values are texts, money a decimal of the account's currency. Only what had activity has a row.
"""

import json
from collections.abc import Sequence

from optiq.ads.platforms.reported import Json, Level, ReportedRow, rows_of
from optiq.ads.platforms.units import micros_of, wholes

_METRICS = "spend,impressions,clicks,actions,action_values,date_start"
_FIELDS: dict[Level, str] = {
    "ACCOUNT": _METRICS,
    "CAMPAIGN": f"{_METRICS},campaign_id",
    "AD": f"{_METRICS},campaign_id,adset_id,ad_id",
}
_VIEWED = "1d_view"
_WINDOWS = (_VIEWED, "7d_click")
_PURCHASES = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase")
"""One purchase is listed under each of these: the first that is there counts, and they are never added."""


def query(level: Level, first: str, last: str) -> dict[str, str]:
    """The parameters for a level's rows of these days, both included; of a GET, or the form of a run."""
    return {
        "level": level.lower(),
        "time_increment": "1",
        "time_range": json.dumps({"since": first, "until": last}),
        "fields": _FIELDS[level],
        "action_attribution_windows": json.dumps(_WINDOWS),
    }


def rows(level: Level, external_id: str, found: Sequence[Json]) -> list[ReportedRow]:
    """Raises BadNumberError for a number that cannot be."""
    if not found:
        return []
    told = zip(*map(_told, found), strict=True)
    days, spend, impressions, clicks, purchases, values, viewed, campaign_ids, group_ids, ad_ids = told
    ids = {"ACCOUNT": [external_id] * len(found), "CAMPAIGN": campaign_ids, "AD": ad_ids}[level]
    return rows_of(
        map(str, days),
        map(str, ids),
        wholes("impressions", impressions),
        wholes("clicks", clicks),
        micros_of("spend", spend),
        micros_of("actions", purchases),
        micros_of("action_values", values),
        micros_of("actions", viewed),
        [0] * len(found),  # Meta does not tell of conversions by their own day.
        map(str, campaign_ids),
        map(str, group_ids),
        [""] * len(found),
    )


def _told(found: Json) -> tuple[Json, ...]:
    """What one row has, as it came."""
    told = found.get
    purchases, values = _purchases(told("actions")), _purchases(told("action_values"))
    return (
        found["date_start"],
        told("spend"),
        told("impressions"),
        told("clicks"),
        purchases.get("value"),
        values.get("value"),
        purchases.get(_VIEWED),
        told("campaign_id", ""),
        told("adset_id", ""),
        told("ad_id", ""),
    )


def _purchases(actions: Json) -> dict[str, Json]:
    """The entry that counts purchases, once; without one, an empty one."""
    by_type: dict[Json, dict[str, Json]] = {one.get("action_type"): one for one in actions or ()}
    return next((by_type[name] for name in _PURCHASES if name in by_type), {})
