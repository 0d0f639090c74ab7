"""Dashboards to begin with, by what a business sells."""

from collections.abc import Mapping
from typing import Any

from optiq.sharing.dashboards.contracts import Template, TemplateCard

_COMPARED: Mapping[str, Any] = {"compare": "PREVIOUS_PERIOD"}
_FUNNEL_HINT = "Save funnels of your own under Funnels, and add them here as cards."


def _tiles(title: str, *metrics: str) -> TemplateCard:
    return TemplateCard(title, 0, 0, 12, 2, question={"metrics": list(metrics), **_COMPARED})


def _series(title: str, row: int, *metrics: str) -> TemplateCard:
    return TemplateCard(title, 0, row, 12, 4, question={"metrics": list(metrics), "dimensions": ["day"]})


def _table(title: str, column: int, row: int, dimension: str, *metrics: str, limit: int = 10) -> TemplateCard:
    question = {"metrics": list(metrics), "dimensions": [dimension], "limit": limit, **_COMPARED}
    return TemplateCard(title, column, row, 6, 5, question=question)


def _text(text: str, row: int) -> TemplateCard:
    return TemplateCard("", 0, row, 12, 1, text=text)


_SHOP = Template(
    "SHOP",
    "Shop",
    "For shops: revenue, what it cost, and which channels and campaigns earned it.",
    (
        _tiles("Revenue and cost", "revenue", "conversions", "order_value", "spend", "roas"),
        _series("Revenue and spend by day", 2, "revenue", "spend"),
        _table("Channels", 0, 6, "channel", "revenue", "conversions", "spend", "roas"),
        _table("Campaigns", 6, 6, "campaign", "revenue", "spend", "roas"),
        _table("New and returning customers", 0, 11, "customer", "revenue", "conversions", "order_value"),
        TemplateCard("Time to buy", 6, 11, 6, 5, "TIME_TO_CONVERT", {}),
    ),
)
_B2B = Template(
    "B2B",
    "B2B",
    "For companies that sell to companies: leads, what one costs, and how long and through what channels they come.",
    (
        _tiles("Leads and cost", "conversions", "cpa", "conversion_rate", "visits", "spend"),
        _series("Leads by day", 2, "conversions"),
        _table("Channels", 0, 6, "channel", "conversions", "cpa", "spend"),
        _table("Kinds of conversion", 6, 6, "conversion", "conversions", "revenue"),
        TemplateCard("Time to convert", 0, 11, 6, 5, "TIME_TO_CONVERT", {"period": "last90d"}),
        TemplateCard("Channels that work together", 6, 11, 6, 5, "OVERLAP", {"period": "last90d"}),
    ),
)
_CONTENT = Template(
    "CONTENT",
    "Content",
    "For publishers: readers, what they read, where they come from, and whether they come back.",
    (
        _tiles("Readers", "visits", "people", "engagement_rate", "pages_per_visit", "visit_duration"),
        _series("Visits by day", 2, "visits", "page_views"),
        _table("Entry pages", 0, 6, "entry_page", "visits", "engagement_rate"),
        _table("Sources", 6, 6, "source", "visits", "people"),
        TemplateCard("Paths through the site", 0, 11, 6, 5, "PATHS", {}),
        TemplateCard("Who comes back", 6, 11, 6, 5, "RETENTION", {"start": {}, "back": {}}),
    ),
)
_AGENCY = Template(
    "AGENCY",
    "Agency",
    "For agencies and their clients: the month so far against the one before, by channel, campaign and landing page.",
    (
        TemplateCard(
            "This month",
            0,
            0,
            12,
            2,
            question={
                "metrics": ["spend", "revenue", "roas", "conversions", "cpa"],
                "period": "this_month",
                **_COMPARED,
            },
        ),
        _series("Revenue and spend by day", 2, "revenue", "spend"),
        _table("Channels", 0, 6, "channel", "spend", "revenue", "roas", "cpa"),
        _table("Campaigns", 6, 6, "campaign", "spend", "clicks", "conversions", "roas"),
        _table("Landing pages", 0, 11, "landing_page", "conversions", "revenue"),
        _table("Devices", 6, 11, "device", "visits", "engagement_rate"),
        _text(_FUNNEL_HINT, 16),
    ),
)
TEMPLATES: Mapping[str, Template] = {one.template: one for one in (_SHOP, _B2B, _CONTENT, _AGENCY)}
