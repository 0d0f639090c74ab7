"""The HTTP routes, once: the CDK app makes API Gateway's routes from this table, the local gateway its own."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the HTTP API.

    Attributes:
        path: a path template as API Gateway writes it, such as /v1/jobs/{job_id}.
        handler: import path of the function behind it.
        needs_authorizer: the request must carry an API key, which the Lambda authorizer judges.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    handler: str
    needs_authorizer: bool = False

    @property
    def key(self) -> str:
        """API Gateway's route key."""
        return f"{self.method} {self.path}"


AUTHORIZER = "functions.identity.authorizer.handler"
AUTHORIZER_CACHE_SECONDS = 60

SEGMENT_PATHS = (
    *("track", "page", "screen", "identify", "group", "alias", "batch"),
    # What Segment's clients for browsers and phones call them.
    *("t", "p", "s", "i", "g", "a", "b", "import"),
)
_SITE = "/v1/sites/{site_id}"
_SEGMENT = "functions.collect.segment.handler"
_IDENTITY = "functions.identity.routes.handler"
_COLLECT = "functions.collect.routes.handler"
_ATTRIBUTION = "functions.attribution.routes.handler"
_CUSTOMERS = "functions.journeys.customers.handler"
_JOURNEYS = "functions.journeys.routes.handler"
_TENANCY = "functions.tenancy.routes.handler"
_REPORTS = "functions.reports.routes.handler"

ROUTES = (
    Route("GET", "/health", "functions.gateway.health.handler"),
    Route("GET", "/openapi.json", "functions.gateway.openapi.handler"),
    Route("GET", "/o.js", "functions.collect.script.handler"),
    Route("POST", "/b", "functions.collect.beacon.handler"),
    Route("GET", "/p.gif", "functions.collect.pixel.handler"),
    *(Route("POST", f"/v1/{name}", _SEGMENT) for name in SEGMENT_PATHS),
    Route("POST", "/mp/collect", "functions.collect.measurement.handler"),
    Route("GET", _SITE, _TENANCY, needs_authorizer=True),
    Route("PATCH", _SITE, _TENANCY, needs_authorizer=True),
    Route("GET", f"{_SITE}/tokens", _IDENTITY, needs_authorizer=True),
    Route("POST", f"{_SITE}/tokens", _IDENTITY, needs_authorizer=True),
    Route("DELETE", f"{_SITE}/tokens/{{token_id}}", _IDENTITY, needs_authorizer=True),
    Route("GET", f"{_SITE}/ingest", _COLLECT, needs_authorizer=True),
    Route("GET", f"{_SITE}/failed-events", _COLLECT, needs_authorizer=True),
    Route("POST", f"{_SITE}/failed-events/replay", _COLLECT, needs_authorizer=True),
    Route("GET", f"{_SITE}/conversions", _ATTRIBUTION, needs_authorizer=True),
    Route("GET", f"{_SITE}/conversions/{{conversion_id}}", _ATTRIBUTION, needs_authorizer=True),
    Route("POST", f"{_SITE}/attribution/recompute", _ATTRIBUTION, needs_authorizer=True),
    Route("GET", "/v1/jobs/{job_id}", _ATTRIBUTION, needs_authorizer=True),
    Route("POST", "/v1/jobs/{job_id}/cancel", _ATTRIBUTION, needs_authorizer=True),
    Route("GET", f"{_SITE}/customers", _CUSTOMERS, needs_authorizer=True),
    Route("GET", f"{_SITE}/customers/{{customer_id}}", _CUSTOMERS, needs_authorizer=True),
    Route("POST", f"{_SITE}/customers/links/cut", _CUSTOMERS, needs_authorizer=True),
    Route("GET", f"{_SITE}/credit-guard", _JOURNEYS, needs_authorizer=True),
    Route("GET", f"{_SITE}/channel-rules", _JOURNEYS, needs_authorizer=True),
    Route("PUT", f"{_SITE}/channel-rules", _JOURNEYS, needs_authorizer=True),
    Route("POST", f"{_SITE}/channel-rules/dry-run", _JOURNEYS, needs_authorizer=True),
    Route("GET", f"{_SITE}/dimensions", _JOURNEYS, needs_authorizer=True),
    Route("POST", f"{_SITE}/conversions/{{conversion_id}}/refund", _CUSTOMERS, needs_authorizer=True),
    Route("POST", f"{_SITE}/conversions/{{conversion_id}}/adjust", _CUSTOMERS, needs_authorizer=True),
    Route("GET", f"{_SITE}/journeys", _CUSTOMERS, needs_authorizer=True),
    Route("GET", f"{_SITE}/attribution", _REPORTS, needs_authorizer=True),
    Route("GET", f"{_SITE}/spend", _REPORTS, needs_authorizer=True),
    Route("POST", f"{_SITE}/ad-metrics", "functions.ads.routes.handler", needs_authorizer=True),
)
