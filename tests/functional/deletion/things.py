"""A deletion, for the tests over all routes."""

from collections.abc import Mapping
from typing import Any

from optiq.deletion import api as deletion
from optiq.kernel.caller import Caller
from optiq.tenancy import api as tenancy

from tests.functional.identity.people import PASSWORD


def _site(organization_id: str) -> tuple[str, str]:
    made = tenancy.add_site(tenancy.operator(organization_id), name="Old Shop", domains=["old.example"])
    return made.site_id, made.name


def _deletion(organization_id: str, _: str) -> str:
    site_id, name = _site(organization_id)
    return deletion.ask(Caller.system(organization_id), "SITE", site_id, name=name).deletion_id


def _to_ask(world: Any) -> dict[str, str]:
    site_id, name = _site(world.site_ids[0])
    return {"kind": "SITE", "target_id": site_id, "name": name, "password": PASSWORD}


def _planned_account(world: Any) -> None:
    """The account of who asks is being deleted."""
    deletion.ask_for_account(world.asks.person, world.asks.client, password=PASSWORD)


IDS = {"deletion_id": _deletion}
BODIES: Mapping[str, object] = {
    "POST /v1/deletions": _to_ask,
    "POST /v1/me/deletion": {"password": PASSWORD},
    "DELETE /v1/me/deletion": _planned_account,
}
