"""The conversions of a site with the touches before them, as attribution gets them."""

from optiq.journeys import api as journeys
from optiq.journeys.contracts import ConversionPath
from optiq.tenancy.contracts import NewSite


def paths_of(site: NewSite, window_days: int = 90) -> list[ConversionPath]:
    where = (site.site.organization_id, site.site.site_id)
    ids = [conversion.conversion_id for conversion in journeys.list_conversions(*where, 100, None).items]
    return journeys.conversion_paths(*where, ids, window_days)


def channels_of(site: NewSite) -> dict[int, list[str]]:
    """The channels of each conversion's touches, by its value in micros."""
    return {path.conversion.value_micros: [touch.channel for touch in path.touches] for path in paths_of(site)}
