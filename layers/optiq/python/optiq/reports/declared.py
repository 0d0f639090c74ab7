"""Properties that sites declare as dimensions, in the columns p1 to p8 of `steps`.

Each row tells which properties it has, so a day that was made by another declaration shows none, never another's.
"""

from collections.abc import Iterable, Sequence

from optiq.ports.query import stamp_of
from optiq.tenancy.contracts import CustomDimension, Site

_LONGEST_VALUE = 200


def columns_of(dimensions: Sequence[CustomDimension]) -> dict[str, str]:
    """The properties by their columns."""
    return {f"p{number}": one.property for number, one in enumerate(dimensions, 1)}


def declared(column: str, of_event: str) -> str:
    """How a row's `declared` tells that it has a property."""
    return f",{column}={of_event},"


def value_of(column: str, of_event: str) -> str:
    """SQL of a property's value in a row of `steps`; NULL where the row was made without it."""
    return f"CASE WHEN strpos(declared, '{declared(column, of_event)}') > 0 THEN {column} END"


def column_sql(name: str, sites: Iterable[Site], site_id: str, properties: str) -> str:
    """SQL of `declared`, or of one of the columns, of an event. `site_id` and `properties` are SQL of the event's."""
    cases = ""
    for site in sites:
        found = columns_of(site.custom_dimensions)
        if name == "declared" and found:
            text = "".join(declared(column, of_event) for column, of_event in found.items())
            cases += f" WHEN '{site.site_id}' THEN '{text}'"
        elif name in found:
            cases += f" WHEN '{site.site_id}' THEN {_extracted(properties, found[name])}"
    none = "''" if name == "declared" else "CAST(NULL AS VARCHAR)"
    return f"CASE {site_id}{cases} ELSE {none} END" if cases else none


def _extracted(properties: str, of_event: str) -> str:
    """A text, number or boolean; nothing of a list or an object, of which engines make different texts."""
    found = f"json_extract_scalar(coalesce(nullif({properties}, ''), '{{}}'), '$[\"{of_event}\"]')"
    return f"CASE WHEN substr({found}, 1, 1) NOT IN ('{{', '[') THEN substr({found}, 1, {_LONGEST_VALUE}) END"


def stamp_of_declared(sites: Iterable[Site]) -> str:
    """Another text when a site declares other properties."""
    return stamp_of(sorted((site.site_id, site.custom_dimensions) for site in sites if site.custom_dimensions))


def counted_with(site: Site) -> str:
    """Names a site with what it declares, in the state of runs; "" for nothing."""
    return f"{site.site_id}:{stamp_of(site.custom_dimensions)[:16]}" if site.custom_dimensions else ""
