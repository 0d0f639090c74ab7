"""What is asked of Google Ads about days, and what its rows mean.

Nothing is filtered by status: removed campaigns keep their rows. Only what is kept is selected: Google leaves out rows
whose selected metrics are all 0, and names, which the lists of campaigns and ads have, would be half of an answer. The
resource name of an ad comes in any case and has the ids of the ad and of its group, so these are not asked for again.
"""

from collections.abc import Sequence

from optiq.ads.platforms.reported import Json, Level, ReportedClick, ReportedHour, ReportedRow, rows_of
from optiq.ads.platforms.units import micros_as_given, micros_of, wholes

_METRICS = (
    "metrics.cost_micros, metrics.impressions, metrics.clicks, metrics.conversions, metrics.conversions_value, "
    "metrics.view_through_conversions, metrics.conversions_by_conversion_date"
)
_CAMPAIGN = "campaign.id, campaign.advertising_channel_type"
_AD = "ad_group_ad.resource_name"
_FIELDS: dict[Level, str] = {"ACCOUNT": ", customer.id", "CAMPAIGN": f", {_CAMPAIGN}", "AD": f", {_CAMPAIGN}, {_AD}"}
_TABLES: dict[Level, str] = {"ACCOUNT": "customer", "CAMPAIGN": "campaign", "AD": "ad_group_ad"}
_NONE: dict[str, Json] = {}


def query(level: Level, first: str, last: str) -> str:
    """GAQL for the rows of a level on these days, both included."""
    fields = f"segments.date, {_METRICS}{_FIELDS[level]}"
    return f"SELECT {fields} FROM {_TABLES[level]} WHERE segments.date BETWEEN '{first}' AND '{last}'"  # noqa: S608 - names and days are ours


def clicks_query(day: str) -> str:
    """GAQL for the clicks of a day: a query of clicks may ask for one alone."""
    fields = "click_view.gclid, click_view.ad_group_ad, ad_group.id, campaign.id, segments.date"
    return f"SELECT {fields} FROM click_view WHERE segments.date = '{day}'"  # noqa: S608 - names and days are ours


def click(found: Json) -> ReportedClick | None:
    """A click of a row; None for one without an id, as App campaigns have."""
    view = found["clickView"]
    if not view.get("gclid"):
        return None
    _, ad_id = _ids_of_ad(str(view.get("adGroupAd", "")))
    return ReportedClick(
        str(view["gclid"]), str(found["campaign"]["id"]), str(found.get("adGroup", {}).get("id", "")), ad_id
    )


def _ids_of_ad(resource: str) -> tuple[str, str]:
    """The ids of a group and its ad: `customers/<customer>/adGroupAds/<group>~<ad>`."""
    group_id, _, ad_id = resource.rpartition("/")[2].partition("~")
    return group_id, ad_id


def hours_query(first: str, last: str) -> str:
    """GAQL for the hours of campaigns on these days, both included."""
    fields = "campaign.id, segments.date, segments.hour, metrics.cost_micros, metrics.impressions, metrics.clicks"
    return f"SELECT {fields} FROM campaign WHERE segments.date BETWEEN '{first}' AND '{last}'"  # noqa: S608 - days are ours


def hours(found: Sequence[Json]) -> list[ReportedHour]:
    """Raises BadNumberError for a number that cannot be."""
    metrics = [one["metrics"] for one in found]
    columns = zip(
        [str(one["segments"]["date"]) for one in found],
        wholes("hour", [one["segments"].get("hour") for one in found]),
        [str(one["campaign"]["id"]) for one in found],
        wholes("impressions", [one.get("impressions") for one in metrics]),
        wholes("clicks", [one.get("clicks") for one in metrics]),
        micros_as_given("costMicros", [one.get("costMicros") for one in metrics]),
        strict=True,
    )
    return [ReportedHour(*one) for one in columns]


def rows(level: Level, found: Sequence[Json]) -> list[ReportedRow]:
    """Raises BadNumberError for a number that cannot be."""
    if not found:
        return []
    told = zip(*map(_told, found), strict=True)
    days, ads, impressions, clicks, costs, conversions, values, viewed, by_their_day, campaign_ids, kinds = told
    group_ids, ids = zip(*map(_ids_of_ad, ads), strict=True)
    if level != "AD":
        ids = campaign_ids if level == "CAMPAIGN" else tuple(one["customer"]["id"] for one in found)
    return rows_of(
        map(str, days),
        map(str, ids),
        wholes("impressions", impressions),
        wholes("clicks", clicks),
        micros_as_given("costMicros", costs),
        micros_of("conversions", conversions),
        micros_of("conversionsValue", values),
        micros_of("viewThroughConversions", viewed),
        micros_of("conversions", by_their_day),
        map(str, campaign_ids),
        group_ids,
        map(str, kinds),
    )


def _told(found: Json) -> tuple[Json, ...]:
    """What one row has, as it came: all of it at once, because thousands of rows are further apart than a cache."""
    metrics, campaign = found["metrics"].get, found.get("campaign", _NONE).get
    return (
        found["segments"]["date"],
        found.get("adGroupAd", _NONE).get("resourceName", ""),
        metrics("impressions"),
        metrics("clicks"),
        metrics("costMicros"),
        metrics("conversions"),
        metrics("conversionsValue"),
        metrics("viewThroughConversions"),
        metrics("conversionsByConversionDate"),
        campaign("id", ""),
        campaign("advertisingChannelType", ""),
    )
