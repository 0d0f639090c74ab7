"""The campaign that an address names, as people and programs write its parameters.

Where parameters stand and how they are separated is the kernel's (`optiq.kernel.parameters`). Of a name that occurs
more than once, the first value that says something counts; so the query counts before what stands behind `#`.
Matomo's names (mtm_*, pk_*) fill what utm_* leaves out: https://matomo.org/faq/reports/what-is-campaign-tracking/
"""

from collections.abc import Mapping

from optiq.collect.payloads import MAX_CAMPAIGN
from optiq.kernel.blanks import is_blank
from optiq.kernel.events import Campaign
from optiq.kernel.parameters import parameters_of

_FIELDS: Mapping[str, str] = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "name",
    "utm_term": "term",
    "utm_content": "content",
}
_MATOMO_FIELDS: Mapping[str, str] = {
    f"{prefix}_{name}": field
    for prefix in ("mtm", "pk")
    for name, field in (
        *(("source", "source"), ("medium", "medium"), ("campaign", "name"), ("cpn", "name")),
        *(("keyword", "term"), ("kwd", "term"), ("content", "content")),
    )
}


def campaign_of(values: Mapping[str, str]) -> Campaign | None:
    """The campaign of these fields, or None where every value is blank: what the page's address says counts then."""
    filled = {field: value for field, value in values.items() if not is_blank(value)}
    return Campaign(**filled) if filled else None


def read_campaign(url: str) -> tuple[Campaign | None, tuple[str, ...]]:
    """The campaign of an address, or None without any, and which of its parameters were shortened to MAX_CAMPAIGN
    characters, such as `utm_content`.
    """
    if "=" not in url and "%" not in url:
        return None, ()
    lowered = url.lower()
    if not any(prefix in lowered for prefix in ("utm", "mtm_", "pk_", "mtm%", "pk%")):
        return None, ()
    found: dict[str, tuple[str, str]] = {}
    besides: dict[str, tuple[str, str]] = {}
    for name, value in parameters_of(url):
        names, field = (found, _FIELDS.get(name)) if name in _FIELDS else (besides, _MATOMO_FIELDS.get(name))
        if field and not is_blank(value):
            names.setdefault(field, (name, value))
    if not (found or besides):
        return None, ()
    values = {**besides, **found}
    shortened = tuple(name for name, value in values.values() if len(value) > MAX_CAMPAIGN)
    return Campaign(**{field: value[:MAX_CAMPAIGN] for field, (_, value) in values.items()}), shortened
