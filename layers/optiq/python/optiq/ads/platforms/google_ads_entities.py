"""Campaigns, ad groups and ads of Google Ads: what is asked for them, and what the rows mean.

Without metrics and days a query lists the idle ones too, and without a filter the removed ones. A group is read with
its ads: one without ads has no numbers.
"""

from collections.abc import Mapping, Sequence

from optiq.ads.platforms.reported import EntityId, Json, VendorEntity

_CAMPAIGN, _AD = "campaign", "ad_group_ad"
QUERIES = {
    _CAMPAIGN: "SELECT campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type FROM campaign",
    _AD: (
        "SELECT campaign.id, ad_group.id, ad_group.name, ad_group.status, ad_group_ad.ad.id, ad_group_ad.ad.name, "
        "ad_group_ad.status FROM ad_group_ad"
    ),
}
"""Two operations, by the table that each asks."""


def listed(answers: Mapping[str, Sequence[Json]]) -> list[VendorEntity]:
    """The entities in the rows of both queries, each once."""
    found = [_campaign(row["campaign"]) for row in answers[_CAMPAIGN]]
    for row in answers[_AD]:
        found += _group_and_ad(row)
    return list({one.id: one for one in found}.values())


def _campaign(campaign: Json) -> VendorEntity:
    campaign_id = str(campaign["id"])
    return VendorEntity(
        EntityId("CAMPAIGN", campaign_id, campaign_id),
        name=str(campaign.get("name", "")),
        status=str(campaign.get("status", "")),
        kind=str(campaign.get("advertisingChannelType", "")),
    )


def _group_and_ad(row: Json) -> tuple[VendorEntity, VendorEntity]:
    campaign_id, group, ad = str(row["campaign"]["id"]), row["adGroup"], row["adGroupAd"]
    group_id = str(group["id"])
    return (
        VendorEntity(
            EntityId("GROUP", group_id, campaign_id, group_id),
            name=str(group.get("name", "")),
            status=str(group.get("status", "")),
        ),
        VendorEntity(
            EntityId("AD", str(ad["ad"]["id"]), campaign_id, group_id),
            # Most of Google's ads have no name of their own.
            name=str(ad["ad"].get("name", "")),
            status=str(ad.get("status", "")),
        ),
    )
