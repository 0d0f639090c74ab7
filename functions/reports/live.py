"""The live view over HTTP."""

from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId
from optiq.reports.live import api as lives

from functions.reports.app import app
from functions.reports.schemas_live import LiveOut


@app.get(
    "/v1/sites/{site_id}/live", needs="reports:read", heavy=True, summary="Who is on the site now, and what happens"
)
def live(site_id: SiteId) -> LiveOut:
    return LiveOut.model_validate(lives.live(caller_of(app), site_id))
