"""What can be asked: metrics, dimensions, and the sources that know them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Source = Literal["visits", "events", "ledger", "ads"]
Kind = Literal["COUNT", "MONEY", "RATIO", "MILLISECONDS"]


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something that numbers are broken down and filtered by.

    Attributes:
        about: what it is, for people.
        columns: the column of each source that knows it.
    """

    name: str
    about: str
    columns: Mapping[Source, str]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number. A ratio is made of the sums of two others, never of means.

    Attributes:
        kind: MONEY is in micros. A RATIO is a plain quotient: 0.25 is 25 %.
        sums: the aggregate over rows of each source; of a ratio none.
        adds_up: whether numbers of rows add up to their total. People do not: one may be in many rows.
    """

    name: str
    about: str
    kind: Kind
    source: Source | None = None
    aggregate: str = ""
    numerator: str = ""
    denominator: str = ""
    factor: int = 1
    adds_up: bool = True


@dataclass(frozen=True, slots=True)
class Catalogue:
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)


def _same(name: str, *sources: Source) -> dict[Source, str]:
    return dict.fromkeys(sources, name)


_DIMENSIONS = (
    Dimension("channel", "the marketing channel, such as Email", _same("channel", "visits", "events", "ledger", "ads")),
    Dimension(
        "source", "where visitors come from, such as newsletter", _same("source", "visits", "events", "ledger", "ads")
    ),
    Dimension("medium", "the kind of source, such as cpc", _same("medium", "visits", "events", "ledger", "ads")),
    Dimension("campaign", "the campaign", _same("campaign", "visits", "events", "ledger", "ads")),
    Dimension("ad", "the ad or content (utm_content)", {"visits": "content", "events": "content", "ledger": "ad"}),
    Dimension("term", "the keyword (utm_term)", _same("term", "visits", "events")),
    Dimension("landing_page", "the first page of the visit", _same("landing_page", "visits", "events", "ledger")),
    Dimension("referrer_domain", "the site that linked here", _same("referrer_domain", "visits", "events")),
    Dimension("device", "DESKTOP, MOBILE or TABLET", _same("device", "visits", "events")),
    Dimension("browser", "the browser", _same("browser", "visits", "events")),
    Dimension("os", "the operating system", _same("os", "visits", "events")),
    Dimension("country", "the country, two letters", _same("country", "visits", "events")),
    Dimension("entry_page", "the page a visit begins with", _same("entry_page", "visits")),
    Dimension("exit_page", "the page a visit ends with", _same("exit_page", "visits")),
    Dimension("page", "the path of a page", {"events": "path"}),
    Dimension("hostname", "the host of a page", _same("hostname", "events")),
    Dimension("event", "the name of an event", {"events": "name"}),
    Dimension("conversion", "the name of a conversion, such as Order Completed", {"ledger": "name"}),
)
_METRICS = (
    Metric("visits", "visits", "COUNT", "visits", "count(*)"),
    Metric("people", "different people who visited", "COUNT", "visits", "count(DISTINCT person_id)", adds_up=False),
    Metric("engaged_visits", "visits with engagement", "COUNT", "visits", "count_if(engaged)"),
    Metric("bounced_visits", "visits without engagement", "COUNT", "visits", "count_if(bounced)"),
    Metric("page_views", "pages seen", "COUNT", "visits", "sum(page_views)"),
    Metric("visit_ms", "how long visits lasted in all", "MILLISECONDS", "visits", "sum(visit_ms)"),
    Metric("events", "events", "COUNT", "events", "count(*)"),
    Metric(
        "event_people",
        "different people with such an event",
        "COUNT",
        "events",
        "count(DISTINCT person_id)",
        adds_up=False,
    ),
    Metric("conversions", "conversions, shared between touches by the model", "COUNT", "ledger", "conversions"),
    Metric("revenue", "revenue, shared between touches by the model", "MONEY", "ledger", "revenue"),
    Metric("spend", "what ads cost", "MONEY", "ads", "spend"),
    Metric("clicks", "clicks on ads", "COUNT", "ads", "clicks"),
    Metric("impressions", "how often ads were shown", "COUNT", "ads", "impressions"),
    Metric("engagement_rate", "engaged visits / visits", "RATIO", numerator="engaged_visits", denominator="visits"),
    Metric("bounce_rate", "bounced visits / visits", "RATIO", numerator="bounced_visits", denominator="visits"),
    Metric("pages_per_visit", "pages seen / visits", "RATIO", numerator="page_views", denominator="visits"),
    Metric("visit_duration", "how long a visit lasts", "MILLISECONDS", numerator="visit_ms", denominator="visits"),
    Metric("conversion_rate", "conversions / visits", "RATIO", numerator="conversions", denominator="visits"),
    Metric("order_value", "revenue / conversions", "MONEY", numerator="revenue", denominator="conversions"),
    Metric("roas", "revenue / spend", "RATIO", numerator="revenue", denominator="spend"),
    Metric("cpa", "spend / conversions", "MONEY", numerator="spend", denominator="conversions"),
    Metric("cpc", "spend / clicks", "MONEY", numerator="spend", denominator="clicks"),
    Metric("cpm", "spend for 1,000 impressions", "MONEY", numerator="spend", denominator="impressions", factor=1_000),
    Metric("ctr", "clicks / impressions", "RATIO", numerator="clicks", denominator="impressions"),
)
BUCKETS = {"hour": "HOUR", "day": "DAY", "week": "WEEK", "month": "MONTH"}
"""Dimensions of time, of the site's clock."""
CATALOGUE = Catalogue({one.name: one for one in _METRICS}, {one.name: one for one in _DIMENSIONS})
