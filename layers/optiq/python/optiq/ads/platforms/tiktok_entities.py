"""Campaigns, ad groups and ads of TikTok: what is asked for them, and what the entries of its lists mean.

Without a filter the lists have everything but what was deleted, which has a status of its own to filter by.
"""

import json
from collections.abc import Collection, Iterator, Mapping

from optiq.ads.platforms.reported import EntityId, EntityLevel, Json, VendorEntity

PATHS: Mapping[EntityLevel, str] = {"CAMPAIGN": "campaign/get/", "GROUP": "adgroup/get/", "AD": "ad/get/"}
_NAMES: Mapping[EntityLevel, str] = {"CAMPAIGN": "campaign", "GROUP": "adgroup", "AD": "ad"}
_ABOVE: Mapping[EntityLevel, tuple[str, ...]] = {
    "CAMPAIGN": ("objective_type",),
    "GROUP": ("campaign_id",),
    "AD": ("campaign_id", "adgroup_id"),
}
_AT_ONCE = 100


def query(external_id: str, level: EntityLevel) -> dict[str, str]:
    """Of everything that was not deleted."""
    name = _NAMES[level]
    fields = [f"{name}_id", f"{name}_name", "operation_status", "secondary_status", *_ABOVE[level]]
    return {"advertiser_id": external_id, "fields": json.dumps(fields)}


def queries_of_deleted(external_id: str, level: EntityLevel, ids: Collection[EntityId]) -> Iterator[dict[str, str]]:
    """Of deleted ones with these ids, a hundred at once."""
    of_level = sorted(one.external_id for one in ids if one.level == level)
    for start in range(0, len(of_level), _AT_ONCE):
        wanted = of_level[start : start + _AT_ONCE]
        filtering = {"primary_status": "STATUS_DELETE", f"{_NAMES[level]}_ids": wanted}
        yield {**query(external_id, level), "filtering": json.dumps(filtering)}


def entity(level: EntityLevel, found: Json) -> VendorEntity:
    name = _NAMES[level]
    external_id = str(found[f"{name}_id"])
    if level == "CAMPAIGN":
        entity_id = EntityId(level, external_id, external_id)
    else:
        group_id = external_id if level == "GROUP" else str(found["adgroup_id"])
        entity_id = EntityId(level, external_id, str(found["campaign_id"]), group_id)
    return VendorEntity(
        entity_id,
        name=str(found.get(f"{name}_name", "")),
        status=str(found.get("secondary_status") or found.get("operation_status", "")),
        kind=str(found.get("objective_type", "")) if level == "CAMPAIGN" else "",
    )
