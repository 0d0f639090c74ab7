"""The sales of a site on a running system, with their credits."""

from typing import Any

from infra.local.system import Running
from tests.system.sites import SiteKeys, get


def of_site(running: Running, keys: SiteKeys, path: str) -> Any:
    """The JSON that one of the site's routes answers with."""
    return get(running.url, f"/v1/sites/{keys.site_id}/{path}", keys.api_key)


def credited(running: Running, keys: SiteKeys) -> list[dict[str, Any]]:
    """Every conversion of the site, in full, whose credits are computed."""
    listed = of_site(running, keys, "conversions?limit=10")["items"]
    full = [of_site(running, keys, f"conversions/{each['conversion_id']}") for each in listed]
    return [each for each in full if each["credits"]]


def credits_of(sale: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Each model's credit in micros by channel; a channel stands once in the path."""
    return {
        by_model["model"]: {touch["channel"]: touch["credit_micros"] for touch in by_model["touches"]}
        for by_model in sale["credits"]
    }
