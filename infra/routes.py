"""The HTTP routes, once: the CDK app makes API Gateway's routes from this table, the local gateway its own."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the HTTP API.

    Attributes:
        path: a path template as API Gateway writes it, such as /v1/jobs/{job_id}.
        handler: import path of the function behind it.
        needs_authorizer: the request must carry an API key or a session, which the Lambda authorizer judges.
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

SEGMENT_PATHS = (
    *("track", "page", "screen", "identify", "group", "alias", "batch"),
    # What Segment's clients for browsers and phones call them.
    *("t", "p", "s", "i", "g", "a", "b", "import"),
)
_SITE = "/v1/sites/{site_id}"
_SEGMENT = "functions.collect.segment.handler"
_IDENTITY = "functions.identity.routes.handler"
_ENTRANCE = "functions.identity.entrance.handler"
_ACCOUNT = "functions.identity.account.handler"
_COLLECT = "functions.collect.routes.handler"
_ATTRIBUTION = "functions.attribution.routes.handler"
_CUSTOMERS = "functions.journeys.customers.handler"
_JOURNEYS = "functions.journeys.routes.handler"
_TENANCY = "functions.tenancy.routes.handler"
_REPORTS = "functions.reports.routes.handler"

ENTRANCE_PATHS = (
    *("/v1/sign-up", "/v1/verify-email", "/v1/sign-in", "/v1/sign-in/two-factor", "/v1/sign-in/magic-link"),
    *("/v1/sign-in/magic-link/redeem", "/v1/password/reset-request", "/v1/password/reset"),
)

ROUTES = (
    Route("GET", "/health", "functions.gateway.health.handler"),
    Route("GET", "/openapi.json", "functions.gateway.openapi.handler"),
    Route("GET", "/o.js", "functions.collect.script.handler"),
    Route("POST", "/b", "functions.collect.beacon.handler"),
    Route("GET", "/p.gif", "functions.collect.pixel.handler"),
    *(Route("POST", f"/v1/{name}", _SEGMENT) for name in SEGMENT_PATHS),
    Route("POST", "/mp/collect", "functions.collect.measurement.handler"),
    *(Route("POST", path, _ENTRANCE) for path in ENTRANCE_PATHS),
    Route("POST", "/v1/sign-in/oauth/{provider}", _ENTRANCE),
    Route("GET", "/v1/sign-in/oauth/{provider}/callback", _ENTRANCE),
    Route("GET", "/v1/me/oauth", _ACCOUNT, needs_authorizer=True),
    Route("POST", "/v1/me/oauth/{provider}", _ACCOUNT, needs_authorizer=True),
    Route("POST", "/v1/me/oauth/{provider}/unlink", _ACCOUNT, needs_authorizer=True),
    Route("POST", "/v1/sign-out", _ACCOUNT, needs_authorizer=True),
    Route("GET", "/v1/me", _ACCOUNT, needs_authorizer=True),
    Route("PATCH", "/v1/me", _ACCOUNT, needs_authorizer=True),
    Route("POST", "/v1/me/password", _ACCOUNT, needs_authorizer=True),
    Route("POST", "/v1/me/two-factor", _ACCOUNT, needs_authorizer=True),
    Route("POST", "/v1/me/two-factor/confirm", _ACCOUNT, needs_authorizer=True),
    Route("POST", "/v1/me/two-factor/disable", _ACCOUNT, needs_authorizer=True),
    Route("POST", "/v1/me/recovery-codes", _ACCOUNT, needs_authorizer=True),
    Route("GET", "/v1/me/sessions", _ACCOUNT, needs_authorizer=True),
    Route("DELETE", "/v1/me/sessions", _ACCOUNT, needs_authorizer=True),
    Route("DELETE", "/v1/me/sessions/{session_id}", _ACCOUNT, needs_authorizer=True),
    Route("GET", "/v1/me/api-keys", _ACCOUNT, needs_authorizer=True),
    Route("POST", "/v1/me/api-keys", _ACCOUNT, needs_authorizer=True),
    Route("DELETE", "/v1/me/api-keys/{key_id}", _ACCOUNT, needs_authorizer=True),
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
    Route("GET", f"{_SITE}/attribution/settings", _ATTRIBUTION, needs_authorizer=True),
    Route("PUT", f"{_SITE}/attribution/settings", _ATTRIBUTION, needs_authorizer=True),
    Route("GET", f"{_SITE}/attribution/fit", _ATTRIBUTION, needs_authorizer=True),
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
    Route("GET", f"{_SITE}/attribution/compare", _REPORTS, needs_authorizer=True),
    Route("GET", f"{_SITE}/attribution/explain", _REPORTS, needs_authorizer=True),
    Route("GET", f"{_SITE}/spend", _REPORTS, needs_authorizer=True),
    Route("POST", f"{_SITE}/ad-metrics", "functions.ads.routes.handler", needs_authorizer=True),
)
