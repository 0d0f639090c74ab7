"""Who asks, as the authorizer says and the request shows."""

from optiq.identity.people import api as people
from optiq.kernel.api_resolver import ManagementResolver, actor_of, organization_of
from optiq.tenancy.contracts import Caller


def caller_of(app: ManagementResolver, *, sees_all_with: str = "") -> Caller:
    """Args: sees_all_with: the permission, if any, by which groups are seen and managed without being in them."""
    organization_id = organization_of(app)
    event = app.current_event.raw_event
    said = event["requestContext"]["authorizer"]["lambda"]
    return Caller(
        organization_id,
        actor=actor_of(app),
        user_id=str(said.get("user_id", "")),
        sees_all=sees_all_with in str(said.get("permissions", "")).split(),
        origin=people.origin_of(people.client_of(event)),
    )
