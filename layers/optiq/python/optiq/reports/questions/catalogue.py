"""What can be asked: metrics, dimensions, and the sources that know them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from optiq.tenancy.contracts import MOST_CUSTOM_DIMENSIONS

Source = Literal["visits", "events", "ledger", "ads"]
Kind = Literal["COUNT", "MONEY", "RATIO", "MILLISECONDS"]


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something that numbers are broken down and filtered by.

    Attributes:
        label: its name, for people. about: what it is, for people.
        columns: the column of each source that knows it.
    """

    name: str
    label: str
    about: str
    columns: Mapping[Source, str]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number. A ratio is made of the sums of two others, never of means.

    Attributes:
        label: its name, for people. about: what it is, for people.
        kind: MONEY is in micros. A RATIO is a plain quotient: 0.25 is 25 %.
        sums: the aggregate over rows of each source; of a ratio none.
        adds_up: whether numbers of rows add up to their total. People do not: one may be in many rows.
        of_dimension: the dimension that the aggregate looks at, whatever rows are by.
        claimed: what a platform counts as its own. Claims of several are never added: two may claim the same.
        of_whole_site: all of the site's, so it is by time alone.
        in_ratios: of the days and rows alone that ratios with costs are made of: whole days, and money with a rate.
    """

    name: str
    label: str
    about: str
    kind: Kind
    source: Source | None = None
    aggregate: str = ""
    numerator: str = ""
    denominator: str = ""
    factor: int = 1
    adds_up: bool = True
    of_dimension: str = ""
    claimed: bool = False
    of_whole_site: bool = False
    in_ratios: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)


def _same(name: str, *sources: Source) -> dict[Source, str]:
    return dict.fromkeys(sources, name)


def _ratio(
    name: str, label: str, about: str, numerator: str, denominator: str, kind: Kind = "RATIO", factor: int = 1
) -> Metric:
    return Metric(name, label, about, kind, numerator=numerator, denominator=denominator, factor=factor)


def _claimed(name: str, label: str, about: str, kind: Kind) -> Metric:
    return Metric(name, label, about, kind, "ads", name, adds_up=False, claimed=True)


_ORIGIN_OF: tuple[Source, ...] = ("visits", "events", "ledger")
_DIMENSIONS = (
    Dimension("channel", "Channel", "The marketing channel, such as Email", _same("channel", *_ORIGIN_OF, "ads")),
    Dimension("source", "Source", "Where visitors come from, such as newsletter", _same("source", *_ORIGIN_OF, "ads")),
    Dimension("medium", "Medium", "The kind of source, such as cpc", _same("medium", *_ORIGIN_OF, "ads")),
    Dimension("campaign", "Campaign", "The campaign", _same("campaign", *_ORIGIN_OF, "ads")),
    Dimension(
        "ad",
        "Ad",
        "The ad or content (utm_content)",
        {"visits": "content", "events": "content", "ledger": "ad", "ads": "ad"},
    ),
    Dimension("platform", "Platform", "The advertising platform, or MANUAL", _same("platform", "ads", "ledger")),
    Dimension("account", "Advertising account", "The account at its platform", _same("account", "ads", "ledger")),
    Dimension(
        "platform_campaign",
        "Platform's campaign",
        "A campaign as its platform has it",
        {"ads": "platform_campaign", "ledger": "campaign_id"},
    ),
    Dimension(
        "platform_group",
        "Ad group",
        "A group of ads as its platform has it",
        {"ads": "platform_group", "ledger": "group_id"},
    ),
    Dimension(
        "platform_ad", "Platform's ad", "An ad as its platform has it", {"ads": "platform_ad", "ledger": "ad_id"}
    ),
    Dimension("term", "Keyword", "The keyword (utm_term)", _same("term", "visits", "events")),
    Dimension("landing_page", "Landing page", "The first page after a click", _same("landing_page", *_ORIGIN_OF)),
    Dimension("referrer_domain", "Referrer", "The site that linked here", _same("referrer_domain", "visits", "events")),
    Dimension("device", "Device", "DESKTOP, MOBILE or TABLET", _same("device", "visits", "events")),
    Dimension("browser", "Browser", "The browser", _same("browser", "visits", "events")),
    Dimension("os", "Operating system", "The operating system", _same("os", "visits", "events")),
    Dimension("country", "Country", "The country, two letters", _same("country", "visits", "events")),
    Dimension("entry_page", "Entry page", "The page a visit begins with", _same("entry_page", "visits")),
    Dimension("exit_page", "Exit page", "The page a visit ends with", _same("exit_page", "visits")),
    Dimension("page", "Page", "The path of a page, without its query", {"events": "path"}),
    Dimension("hostname", "Host", "The host of a page", _same("hostname", "events")),
    Dimension("event", "Event", "The name of an event", {"events": "name"}),
    Dimension("event_kind", "Kind of event", "PAGE or TRACK", {"events": "kind"}),
    Dimension("conversion", "Conversion", "The name of a conversion, such as Order Completed", {"ledger": "name"}),
    Dimension(
        "visitor",
        "New or returning visitor",
        "NEW on a person's first visit, else RETURNING",
        _same("visitor", "visits"),
    ),
    Dimension(
        "customer",
        "New or returning customer",
        "NEW on a person's first conversion, else RETURNING",
        _same("customer", "ledger"),
    ),
)
_METRICS = (
    Metric("visits", "Visits", "Visits, without those of bots", "COUNT", "visits", "count(*)"),
    Metric(
        "people",
        "Visitors",
        "Different people who visited",
        "COUNT",
        "visits",
        "count(DISTINCT person_id)",
        adds_up=False,
    ),
    Metric("engaged_visits", "Engaged visits", "Visits with engagement", "COUNT", "visits", "count_if(engaged)"),
    Metric("bounced_visits", "Bounces", "Visits without engagement", "COUNT", "visits", "count_if(bounced)"),
    Metric("page_views", "Page views", "Pages seen in visits", "COUNT", "visits", "sum(page_views)"),
    Metric("visit_ms", "Time on site", "How long visits lasted in all", "MILLISECONDS", "visits", "sum(visit_ms)"),
    Metric("events", "Events", "Events, without those of bots", "COUNT", "events", "count(*)"),
    Metric(
        "event_people",
        "People with an event",
        "Different people with such an event",
        "COUNT",
        "events",
        "count(DISTINCT person_id)",
        adds_up=False,
    ),
    Metric(
        "conversions",
        "Conversions",
        "Conversions, shared between touches by the model",
        "COUNT",
        "ledger",
        "conversions",
    ),
    Metric("revenue", "Revenue", "Revenue, shared between touches by the model", "MONEY", "ledger", "revenue"),
    Metric(
        "new_conversions",
        "Conversions of new customers",
        "First conversions of people, shared between touches by the model",
        "COUNT",
        "ledger",
        "new_conversions",
        of_dimension="customer",
    ),
    Metric("spend", "Spend", "What ads cost", "MONEY", "ads", "spend"),
    Metric("clicks", "Clicks", "Clicks on ads, as the platform counts them", "COUNT", "ads", "clicks"),
    Metric("impressions", "Impressions", "How often ads were shown", "COUNT", "ads", "impressions"),
    _claimed("claimed_conversions", "Claimed conversions", "Conversions that the platform claims", "COUNT"),
    _claimed("claimed_revenue", "Claimed revenue", "Revenue that the platform claims", "MONEY"),
    _ratio("engagement_rate", "Engagement rate", "Engaged visits / visits", "engaged_visits", "visits"),
    _ratio("bounce_rate", "Bounce rate", "Bounces / visits", "bounced_visits", "visits"),
    _ratio("pages_per_visit", "Pages per visit", "Page views / visits", "page_views", "visits"),
    _ratio("visit_duration", "Visit duration", "Time on site / visits", "visit_ms", "visits", "MILLISECONDS"),
    _ratio("conversion_rate", "Conversion rate", "Conversions / visits", "conversions", "visits"),
    _ratio("order_value", "Average order value", "Revenue / conversions", "revenue", "conversions", "MONEY"),
    _ratio("roas", "ROAS", "Return on ad spend: revenue / spend", "revenue", "spend"),
    _ratio("cpa", "CPA", "Cost per conversion: spend / conversions", "spend", "conversions", "MONEY"),
    _ratio("cpc", "CPC", "Cost per click: spend / clicks", "spend", "clicks", "MONEY"),
    _ratio("cpm", "CPM", "Spend for 1,000 impressions", "spend", "impressions", "MONEY", 1_000),
    _ratio("cac", "CAC", "Cost per new customer: spend / their conversions", "spend", "new_conversions", "MONEY"),
    _ratio("claimed_roas", "Claimed ROAS", "Revenue that the platform claims / spend", "claimed_revenue", "spend"),
    _ratio("claimed_cpa", "Claimed CPA", "Spend / claimed conversions", "spend", "claimed_conversions", "MONEY"),
    replace(
        _ratio("mer", "MER", "All revenue / all spend, whatever brought it", "revenue", "spend"), of_whole_site=True
    ),
    _ratio("ctr", "Click rate", "Clicks / impressions", "clicks", "impressions"),
)
BUCKETS = {"hour": "HOUR", "day": "DAY", "week": "WEEK", "month": "MONTH"}
"""Dimensions of time, of the site's clock."""
CATALOGUE = Catalogue({one.name: one for one in _METRICS}, {one.name: one for one in _DIMENSIONS})
SUPERSEDED, UNREAD, COUNTED, SHIFTED = "superseded", "unread", "counted", "shifted"
ASIDES = tuple(Metric(name, "", "", "COUNT", "ads", name) for name in (SUPERSEDED, UNREAD, COUNTED, SHIFTED))
"""What answers tell of connected accounts: money sent by hand that does not count; whether days are missing, how many
rows are not, and how many are of days that begin at another hour than the site's."""
SLOTS = tuple(f"p{number}" for number in range(1, MOST_CUSTOM_DIMENSIONS + 1))
"""Columns of `steps` for the properties that a site declares; naming.py tells which name is which."""
DIMENSIONS: Mapping[str, Dimension] = {
    **CATALOGUE.dimensions,
    **{slot: Dimension(slot, "a custom dimension", "", {"events": slot}) for slot in SLOTS},
}
"""Those of the catalogue, and those of the slots."""


def is_of_ads(metric: Metric) -> bool:
    """Whether a ratio is made of what ads cost or did."""
    return any(one.source == "ads" for one in _parts(metric.numerator, metric.denominator))


def parts_of(metric: Metric) -> tuple[Metric, ...]:
    """The sums that a metric is made of."""
    return _parts(metric.numerator, metric.denominator) or (metric,)


# Asked for each number of an answer.
@cache
def _parts(numerator: str, denominator: str) -> tuple[Metric, ...]:
    parts = tuple(CATALOGUE.metrics[name] for name in (numerator, denominator) if name)
    if not any(one.source == "ads" for one in parts):
        return parts
    return tuple(replace(one, name=name_in_ratios(one.name), in_ratios=True) for one in parts)


def name_in_ratios(name: str) -> str:
    """The name of a sum as ratios with costs have it."""
    return f"{name}_in_ratios"
