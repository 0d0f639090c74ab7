"""What the console begins with, in one request."""

from optiq.identity.people import api as people
from optiq.identity.people.api import caller_of
from optiq.kernel.http import authorized
from optiq.kernel.permissions import permissions_of
from optiq.operators.staff import api as staff
from optiq.tenancy import api as tenancy

from functions.identity.answers import caller
from functions.identity.schemas import ProfileOut
from functions.tenancy.app import app
from functions.tenancy.organizations import list_organizations
from functions.tenancy.schemas import SessionStartOut, site_out

_MOST_SITES = 100


@app.get(
    "/v1/session",
    personal=True,
    summary="My profile, organizations, permissions and sites at once",
    tags=["organizations"],
)
def start_session() -> SessionStartOut:
    person, _ = caller(app)
    permissions = permissions_of(authorized(app.current_event.raw_event))
    sites = (
        tenancy.list_sites(caller_of(app), limit=_MOST_SITES).items
        if person.organization_id and "sites:read" in permissions
        else []
    )
    return SessionStartOut(
        me=ProfileOut.model_validate(people.profile(person)),
        organizations=list_organizations().items,
        permissions=sorted(permissions),
        sites=[site_out(site) for site in sites],
        staff=staff.is_staff(person.user_id),
    )
