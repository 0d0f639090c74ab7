"""A link, for the tests over all routes."""

from collections.abc import Mapping

from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id
from optiq.links import api as links


def _link(organization_id: str, site_id: str) -> str:
    path = new_id("x", system_clock())
    return links.create_link(Caller.system(organization_id), site_id, path=path, target="https://shop.example/").link_id


IDS = {"link_id": _link}
BODIES: Mapping[str, object] = {"PATCH /v1/sites/{site_id}/links/{link_id}": {"label": "Another"}}
