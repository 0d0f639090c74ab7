"""A link, for the tests over all routes."""

from collections.abc import Mapping
from random import choice

from optiq.kernel.caller import Caller
from optiq.links import api as links


def _link(organization_id: str, site_id: str) -> str:
    # Without vowels and digits: by chance, an id may look like the name of a page of Optiq's own.
    path = "".join(choice("bcdghjkmpqrtvwxz") for _ in range(16))
    return links.create_link(Caller.system(organization_id), site_id, path=path, target="https://shop.example/").link_id


IDS = {"link_id": _link}
BODIES: Mapping[str, object] = {"PATCH /v1/sites/{site_id}/links/{link_id}": {"label": "Another"}}
