"""What is asked of Meta's insights about days, and what its rows mean.

All values are texts, money a decimal of the account's currency. Only what had activity has a row.
"""

import json

from optiq.ads.platforms.reported import Json, Level, ReportedRow
from optiq.ads.platforms.units import micros_of, whole

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


def row(level: Level, external_id: str, found: Json) -> ReportedRow:
    """Raises BadNumberError for a number that cannot be."""
    entity_id = external_id if level == "ACCOUNT" else found["campaign_id" if level == "CAMPAIGN" else "ad_id"]
    purchases, values = _purchases(found.get("actions")), _purchases(found.get("action_values"))
    return ReportedRow(  # By place, which takes half the time that names take.
        str(found["date_start"]),
        str(entity_id),
        whole("impressions", found.get("impressions")),
        whole("clicks", found.get("clicks")),
        micros_of("spend", found.get("spend")),
        micros_of("actions", purchases.get("value")),
        micros_of("action_values", values.get("value")),
        micros_of("actions", purchases.get(_VIEWED)),
        0,  # Meta does not tell of conversions by their own day.
        str(found.get("campaign_id", "")),
        str(found.get("adset_id", "")),
    )


def _purchases(actions: Json) -> dict[str, Json]:
    """The entry that counts purchases, once; without one, an empty one."""
    by_type: dict[Json, dict[str, Json]] = {one.get("action_type"): one for one in actions or ()}
    return next((by_type[name] for name in _PURCHASES if name in by_type), {})
