"""The HTTP routes, once: the CDK app makes API Gateway's routes from this table, the local gateway its own."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the HTTP API.

    Attributes:
        path: a path template as API Gateway writes it, such as /v1/jobs/{job_id}.
        handler: import path of the function behind it.
        permission: what the key or session must be allowed to do (optiq.kernel.permissions).
        personal: any person's session or key is good: it is about themselves.
        public: nobody needs to say who they are.
        heavy: it may read much of the lake or the table. One machine answers it in a process of its own.

    One of `permission`, `personal` and `public` is declared; the others stay as they are.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    handler: str
    permission: str | None = None
    personal: bool = False
    public: bool = False
    heavy: bool = False

    @property
    def needs_authorizer(self) -> bool:
        """Whether the Lambda authorizer judges whose the request is."""
        return not self.public

    @property
    def collects(self) -> bool:
        """Whether senders of events use it: trackers, pixels, clients of Segment's API."""
        return self.public and self.handler.startswith("functions.collect.")

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
_ENTRANCE = "functions.identity.entrance.handler"
_ACCOUNT = "functions.identity.account.handler"
_COLLECT = "functions.collect.routes.handler"
_ATTRIBUTION = "functions.attribution.routes.handler"
_CUSTOMERS = "functions.journeys.customers.handler"
_JOURNEYS = "functions.journeys.routes.handler"
_TENANCY = "functions.tenancy.routes.handler"
_ORGANIZATIONS = "functions.tenancy.organizations.handler"
_MEMBERS = "functions.tenancy.members.handler"
_GROUPS = "functions.tenancy.groups.handler"
_TOKENS = "functions.tenancy.tokens.handler"
_AUDIT = "functions.audit.routes.handler"
_CONSOLE = "functions.console.pages.handler"
_NOTIFICATIONS = "functions.notifications.routes.handler"
_REPORTS = "functions.reports.routes.handler"

ENTRANCE_PATHS = (
    *("/v1/sign-up", "/v1/verify-email", "/v1/sign-in", "/v1/sign-in/two-factor", "/v1/sign-in/magic-link"),
    *("/v1/sign-in/magic-link/redeem", "/v1/password/reset-request", "/v1/password/reset"),
)

ROUTES = (
    Route("GET", "/health", "functions.gateway.health.handler", public=True),
    Route("GET", "/openapi.json", "functions.gateway.openapi.handler", public=True),
    Route("GET", "/console", _CONSOLE, public=True),
    Route("GET", "/console/{name}", _CONSOLE, public=True),
    Route("GET", "/o.js", "functions.collect.script.handler", public=True),
    Route("POST", "/b", "functions.collect.beacon.handler", public=True),
    Route("GET", "/p.gif", "functions.collect.pixel.handler", public=True),
    *(Route("POST", f"/v1/{name}", _SEGMENT, public=True) for name in SEGMENT_PATHS),
    Route("POST", "/mp/collect", "functions.collect.measurement.handler", public=True),
    *(Route("POST", path, _ENTRANCE, public=True) for path in ENTRANCE_PATHS),
    Route("GET", "/v1/sign-in/oauth", _ENTRANCE, public=True),
    Route("POST", "/v1/sign-in/oauth/{provider}", _ENTRANCE, public=True),
    Route("GET", "/v1/sign-in/oauth/{provider}/callback", _ENTRANCE, public=True),
    Route("GET", "/v1/me/oauth", _ACCOUNT, personal=True),
    Route("POST", "/v1/me/oauth/{provider}", _ACCOUNT, personal=True),
    Route("POST", "/v1/me/oauth/{provider}/unlink", _ACCOUNT, personal=True),
    Route("POST", "/v1/sign-out", _ACCOUNT, personal=True),
    Route("GET", "/v1/me", _ACCOUNT, personal=True),
    Route("PATCH", "/v1/me", _ACCOUNT, personal=True),
    Route("POST", "/v1/me/password", _ACCOUNT, personal=True),
    Route("POST", "/v1/me/two-factor", _ACCOUNT, personal=True),
    Route("POST", "/v1/me/two-factor/confirm", _ACCOUNT, personal=True),
    Route("POST", "/v1/me/two-factor/disable", _ACCOUNT, personal=True),
    Route("POST", "/v1/me/recovery-codes", _ACCOUNT, personal=True),
    Route("GET", "/v1/me/sessions", _ACCOUNT, personal=True),
    Route("DELETE", "/v1/me/sessions", _ACCOUNT, personal=True),
    Route("DELETE", "/v1/me/sessions/{session_id}", _ACCOUNT, personal=True),
    Route("GET", "/v1/me/api-keys", _ACCOUNT, personal=True),
    Route("POST", "/v1/me/api-keys", _ACCOUNT, personal=True),
    Route("DELETE", "/v1/me/api-keys/{key_id}", _ACCOUNT, personal=True),
    Route("GET", "/v1/organizations", _ORGANIZATIONS, personal=True),
    Route("POST", "/v1/organizations", _ORGANIZATIONS, personal=True),
    Route("POST", "/v1/organizations/{organization_id}/switch", _ORGANIZATIONS, personal=True),
    Route("POST", "/v1/organizations/{organization_id}/leave", _ORGANIZATIONS, personal=True),
    Route("POST", "/v1/invitations/accept", _ORGANIZATIONS, personal=True),
    Route("POST", "/v1/invitations/decline", _ORGANIZATIONS, personal=True),
    Route("GET", "/v1/organization", _MEMBERS, permission="organization:read"),
    Route("PATCH", "/v1/organization", _MEMBERS, permission="organization:write"),
    Route("GET", "/v1/members", _MEMBERS, permission="members:read"),
    Route("GET", "/v1/members/{user_id}", _MEMBERS, permission="members:read"),
    Route("PATCH", "/v1/members/{user_id}", _MEMBERS, permission="members:write"),
    Route("DELETE", "/v1/members/{user_id}", _MEMBERS, permission="members:write"),
    Route("GET", "/v1/roles", _MEMBERS, permission="members:read"),
    Route("POST", "/v1/roles", _MEMBERS, permission="roles:write"),
    Route("PATCH", "/v1/roles/{role_id}", _MEMBERS, permission="roles:write"),
    Route("DELETE", "/v1/roles/{role_id}", _MEMBERS, permission="roles:write"),
    Route("GET", "/v1/invitations", _MEMBERS, permission="members:read"),
    Route("POST", "/v1/invitations", _MEMBERS, permission="members:invite"),
    Route("POST", "/v1/invitations/{invitation_id}/send", _MEMBERS, permission="members:invite"),
    Route("DELETE", "/v1/invitations/{invitation_id}", _MEMBERS, permission="members:invite"),
    Route("GET", "/v1/teams", _GROUPS, permission="teams:read"),
    Route("POST", "/v1/teams", _GROUPS, permission="teams:write"),
    Route("GET", "/v1/teams/{team_id}", _GROUPS, permission="teams:read"),
    Route("PATCH", "/v1/teams/{team_id}", _GROUPS, permission="teams:write"),
    Route("GET", "/v1/teams/{team_id}/members", _GROUPS, permission="teams:read"),
    Route("PUT", "/v1/teams/{team_id}/members/{user_id}", _GROUPS, permission="teams:write"),
    Route("DELETE", "/v1/teams/{team_id}/members/{user_id}", _GROUPS, permission="teams:write"),
    Route("GET", "/v1/workspaces", _GROUPS, permission="workspaces:read"),
    Route("POST", "/v1/workspaces", _GROUPS, permission="workspaces:write"),
    Route("GET", "/v1/workspaces/{workspace_id}", _GROUPS, permission="workspaces:read"),
    Route("PATCH", "/v1/workspaces/{workspace_id}", _GROUPS, permission="workspaces:write"),
    Route("GET", "/v1/workspaces/{workspace_id}/members", _GROUPS, permission="workspaces:read"),
    Route("PUT", "/v1/workspaces/{workspace_id}/members/{user_id}", _GROUPS, permission="workspaces:write"),
    Route("DELETE", "/v1/workspaces/{workspace_id}/members/{user_id}", _GROUPS, permission="workspaces:write"),
    Route("GET", "/v1/audit", _AUDIT, permission="audit:read"),
    Route("GET", "/v1/audit/verify", _AUDIT, permission="audit:read", heavy=True),
    Route("GET", "/v1/mails", _NOTIFICATIONS, permission="mails:read"),
    Route("GET", "/v1/sites", _TENANCY, permission="sites:read"),
    Route("POST", "/v1/sites", _TENANCY, permission="sites:write"),
    Route("GET", _SITE, _TENANCY, permission="sites:read"),
    Route("PATCH", _SITE, _TENANCY, permission="sites:write"),
    Route("GET", f"{_SITE}/alert-settings", _TENANCY, permission="sites:read"),
    Route("PUT", f"{_SITE}/alert-settings", _TENANCY, permission="sites:write"),
    Route("GET", f"{_SITE}/tokens", _TOKENS, permission="tokens:read"),
    Route("POST", f"{_SITE}/tokens", _TOKENS, permission="tokens:write"),
    Route("DELETE", f"{_SITE}/tokens/{{token_id}}", _TOKENS, permission="tokens:write"),
    Route("GET", f"{_SITE}/ingest", _COLLECT, permission="events:read"),
    Route("GET", f"{_SITE}/failed-events", _COLLECT, permission="events:read"),
    Route("POST", f"{_SITE}/failed-events/replay", _COLLECT, permission="events:write"),
    Route("GET", f"{_SITE}/conversions", _ATTRIBUTION, permission="reports:read"),
    Route("GET", f"{_SITE}/conversions/{{conversion_id}}", _ATTRIBUTION, permission="reports:read", heavy=True),
    Route("POST", f"{_SITE}/attribution/recompute", _ATTRIBUTION, permission="attribution:write"),
    Route("GET", f"{_SITE}/attribution/settings", _ATTRIBUTION, permission="reports:read"),
    Route("PUT", f"{_SITE}/attribution/settings", _ATTRIBUTION, permission="attribution:write"),
    Route("GET", f"{_SITE}/attribution/fit", _ATTRIBUTION, permission="reports:read"),
    Route("GET", "/v1/jobs/{job_id}", _ATTRIBUTION, permission="reports:read"),
    Route("POST", "/v1/jobs/{job_id}/cancel", _ATTRIBUTION, permission="attribution:write"),
    Route("GET", f"{_SITE}/customers", _CUSTOMERS, permission="customers:read", heavy=True),
    Route("GET", f"{_SITE}/customers/{{customer_id}}", _CUSTOMERS, permission="customers:read"),
    Route("POST", f"{_SITE}/customers/links/cut", _CUSTOMERS, permission="customers:write"),
    Route("GET", f"{_SITE}/credit-guard", _JOURNEYS, permission="reports:read", heavy=True),
    Route("GET", f"{_SITE}/channel-rules", _JOURNEYS, permission="sites:read"),
    Route("PUT", f"{_SITE}/channel-rules", _JOURNEYS, permission="sites:write"),
    Route("POST", f"{_SITE}/channel-rules/dry-run", _JOURNEYS, permission="sites:write", heavy=True),
    Route("GET", f"{_SITE}/dimensions", _JOURNEYS, permission="reports:read", heavy=True),
    Route("POST", f"{_SITE}/conversions/{{conversion_id}}/refund", _CUSTOMERS, permission="conversions:write"),
    Route("POST", f"{_SITE}/conversions/{{conversion_id}}/adjust", _CUSTOMERS, permission="conversions:write"),
    Route("GET", f"{_SITE}/corrections", _CUSTOMERS, permission="events:read"),
    Route("GET", f"{_SITE}/journeys", _CUSTOMERS, permission="customers:read", heavy=True),
    Route("GET", f"{_SITE}/attribution", _REPORTS, permission="reports:read", heavy=True),
    Route("GET", f"{_SITE}/attribution/compare", _REPORTS, permission="reports:read", heavy=True),
    Route("GET", f"{_SITE}/attribution/explain", _REPORTS, permission="reports:read", heavy=True),
    Route("GET", f"{_SITE}/events", _REPORTS, permission="events:read", heavy=True),
    Route("GET", f"{_SITE}/spend", _REPORTS, permission="reports:read", heavy=True),
    Route("POST", f"{_SITE}/ad-metrics", "functions.ads.routes.handler", permission="ads:write"),
)
