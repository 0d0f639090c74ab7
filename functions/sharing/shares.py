"""Share links over HTTP, for who makes them."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, SiteId
from optiq.sharing.shares import api as shares

from functions.sharing.app import app
from functions.sharing.schemas_shares import NewShareOut, ShareIn, ShareOut, SharesOut

_SITE = "/v1/sites/{site_id}/shares"
_SHARE = f"{_SITE}/{{share_id}}"
_ShareId = Annotated[str, Path(max_length=60, description="id of the share link, as the list has it")]


@app.get(_SITE, needs="shares:write", summary="A site's share links, newest first")
def list_shares(site_id: SiteId, limit: Limit = 50, cursor: Cursor = None) -> SharesOut:
    page = shares.list_shares(caller_of(app), site_id, limit=limit, cursor=cursor)
    return SharesOut(items=[ShareOut.of(one) for one in page.items], cursor=page.cursor)


@app.post(_SITE, needs="shares:write", summary="Share a dashboard or a view by a link", status_code=201)
def create_share(site_id: SiteId, request: ShareIn) -> tuple[NewShareOut, int]:
    return NewShareOut.of_new(shares.create_share(caller_of(app), site_id, **request.given())), 201


@app.get(_SHARE, needs="shares:write", summary="One share link")
def get_share(site_id: SiteId, share_id: _ShareId) -> ShareOut:
    return ShareOut.of(shares.get_share(caller_of(app), site_id, share_id))


@app.delete(_SHARE, needs="shares:write", summary="Revoke a share link", status_code=204)
def revoke_share(site_id: SiteId, share_id: _ShareId) -> tuple[None, int]:
    shares.revoke_share(caller_of(app), site_id, share_id)
    return None, 204
