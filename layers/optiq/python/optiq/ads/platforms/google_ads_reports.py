"""What is asked of Google Ads about days, and what its rows mean.

Nothing is filtered by status: removed campaigns keep their rows. Only what is kept is selected: Google leaves out rows
whose selected metrics are all 0, and names, which the lists of campaigns and ads have, would be half of an answer.
"""

from optiq.ads.platforms.reported import Json, Level, ReportedClick, ReportedHour, ReportedRow
from optiq.ads.platforms.units import micros_as_given, micros_of, whole

_METRICS = (
    "metrics.cost_micros, metrics.impressions, metrics.clicks, metrics.conversions, metrics.conversions_value, "
    "metrics.view_through_conversions, metrics.conversions_by_conversion_date"
)
_CAMPAIGN = "campaign.id, campaign.advertising_channel_type"
_AD = "ad_group.id, ad_group_ad.ad.id"
_FIELDS: dict[Level, str] = {"ACCOUNT": "", "CAMPAIGN": f", {_CAMPAIGN}", "AD": f", {_CAMPAIGN}, {_AD}"}
_TABLES: dict[Level, str] = {"ACCOUNT": "customer", "CAMPAIGN": "campaign", "AD": "ad_group_ad"}
_NONE: dict[str, Json] = {}


def query(level: Level, first: str, last: str) -> str:
    """GAQL for the rows of a level on these days, both included."""
    fields = f"customer.id, segments.date, {_METRICS}{_FIELDS[level]}"
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
    ad = str(view.get("adGroupAd", "")).rpartition("~")[2]
    return ReportedClick(
        str(view["gclid"]), str(found["campaign"]["id"]), str(found.get("adGroup", {}).get("id", "")), ad
    )


def hours_query(first: str, last: str) -> str:
    """GAQL for the hours of campaigns on these days, both included."""
    fields = "campaign.id, segments.date, segments.hour, metrics.cost_micros, metrics.impressions, metrics.clicks"
    return f"SELECT {fields} FROM campaign WHERE segments.date BETWEEN '{first}' AND '{last}'"  # noqa: S608 - days are ours


def hour(found: Json) -> ReportedHour:
    """Raises BadNumberError for a number that cannot be."""
    metrics, segments = found["metrics"], found["segments"]
    return ReportedHour(
        day=str(segments["date"]),
        hour=whole("hour", segments.get("hour")),
        campaign_id=str(found["campaign"]["id"]),
        impressions=whole("impressions", metrics.get("impressions")),
        clicks=whole("clicks", metrics.get("clicks")),
        spend_micros=micros_as_given("costMicros", metrics.get("costMicros")),
    )


def row(level: Level, found: Json) -> ReportedRow:
    """Raises BadNumberError for a number that cannot be."""
    metrics, campaign = found["metrics"], found.get("campaign", _NONE)
    entity = found["adGroupAd"]["ad"] if level == "AD" else campaign if level == "CAMPAIGN" else found["customer"]
    return ReportedRow(  # By place, which takes half the time that names take.
        str(found["segments"]["date"]),
        str(entity["id"]),
        whole("impressions", metrics.get("impressions")),
        whole("clicks", metrics.get("clicks")),
        micros_as_given("costMicros", metrics.get("costMicros")),
        micros_of("conversions", metrics.get("conversions")),
        micros_of("conversionsValue", metrics.get("conversionsValue")),
        micros_of("viewThroughConversions", metrics.get("viewThroughConversions")),
        micros_of("conversions", metrics.get("conversionsByConversionDate")),
        str(campaign.get("id", "")),
        str(found.get("adGroup", _NONE).get("id", "")),
        str(campaign.get("advertisingChannelType", "")),
    )
