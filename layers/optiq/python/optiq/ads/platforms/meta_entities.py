"""Campaigns, ad sets and ads of Meta: what is asked for them, and what the answers mean.

The lists have neither archived nor deleted ones. Both can be read by their ids.
"""

from optiq.ads.platforms.reported import EntityId, EntityLevel, Json, VendorEntity

EDGES: dict[EntityLevel, str] = {"CAMPAIGN": "campaigns", "GROUP": "adsets", "AD": "ads"}
_NAMED = "id,name,effective_status"
_OWN: dict[EntityLevel, str] = {"CAMPAIGN": f"{_NAMED},objective", "GROUP": _NAMED, "AD": _NAMED}
_ABOVE: dict[EntityLevel, str] = {"CAMPAIGN": "", "GROUP": ",campaign_id", "AD": ",campaign_id,adset_id"}
IDS_AT_ONCE = 50


def listed_fields(level: EntityLevel) -> str:
    return _OWN[level] + _ABOVE[level]


def fields_by_id(level: EntityLevel) -> str:
    return _OWN[level]


def listed(level: EntityLevel, found: Json) -> VendorEntity:
    """An entry of a list."""
    own = str(found["id"])
    campaign_id = own if level == "CAMPAIGN" else str(found["campaign_id"])
    group_id = {"CAMPAIGN": "", "GROUP": own, "AD": str(found.get("adset_id", ""))}[level]
    return entity(EntityId(level, own, campaign_id, group_id), found)


def entity(one: EntityId, found: Json) -> VendorEntity:
    return VendorEntity(
        one,
        name=str(found.get("name", "")),
        status=str(found.get("effective_status", "")),
        kind=str(found.get("objective", "")),
    )
