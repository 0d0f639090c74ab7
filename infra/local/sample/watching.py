"""Alert rules of the sample, and the night after its bad Tuesday, when the first sweep finds it.

All later days are judged by the system's own sweeps, as they are on any other site: the first one ends the alert,
because Wednesday was as usual.
"""

from datetime import timedelta
from typing import Any

from optiq.kernel.clock import HOUR_MS, day_bounds, parse_timezone

from infra.local.sample.client import Client, bearer
from infra.local.sample.season import TIMEZONE, Season

_RULES: tuple[dict[str, Any], ...] = (
    {"name": "Orders and leads", "kind": "CONVERSION_DROP", "percent": 30, "severity": "CRITICAL"},
    {"name": "Return of ads", "kind": "ROAS_DROP", "percent": 50, "comparison_days": 28},
    {"name": "Advertising platforms", "kind": "CONNECTION_ERROR"},
)


def watch(client: Client, api_key: str, organization_id: str, site_id: str, until_ms: int) -> None:
    """Creates the rules that are not there yet, and judges them in the night after the bad Tuesday.

    Raises:
        UpstreamError: the system does not take a rule, or the lake cannot be read.
    """
    from optiq.alerts.sweeping import api as sweeping

    path, key = f"/v1/sites/{site_id}/alert-rules", bearer(api_key)
    there = {one["name"] for one in client.get(path, key)["items"]}
    for rule in _RULES:
        if rule["name"] not in there:
            client.post(path, key, rule)
    wednesday = Season(until_ms).bad_tuesday + timedelta(days=1)
    night_ms = day_bounds(wednesday, wednesday, parse_timezone(TIMEZONE))[0] + HOUR_MS
    sweeping.sweep_site(organization_id, site_id, clock=lambda: night_ms)
