"""Destinations: what people may set, and who sees it."""

from dataclasses import replace
from typing import Any

import pytest
from optiq.ads.connections.stores import CONNECTIONS
from optiq.feedback import api as feedback
from optiq.feedback.destinations.contracts import Destination, ToldEvent
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.tenancy import api as tenancy

from tests.functional.feedback.things import connection

pytestmark = pytest.mark.usefixtures("table")


def create(caller: Caller, site_id: str, **changed: Any) -> Destination:
    wanted: dict[str, Any] = {
        "name": "Meta pixel",
        "platform": "META",
        "connection_id": connection(caller.organization_id),
        "target": "900",
        "events": [ToldEvent("Order Completed", "Purchase")],
    }
    return feedback.create_destination(caller, site_id, **(wanted | changed))


@pytest.fixture
def own() -> tuple[Caller, str]:
    made = tenancy.create_site(name="Shop", domains=["shop.example"]).site
    return Caller.system(made.organization_id), made.site_id


def test_destination_is_its_organizations_alone(own: tuple[Caller, str]) -> None:
    created = create(*own)
    other = tenancy.create_site(name="Other", domains=["other.example"]).site
    stranger = Caller.system(other.organization_id)

    assert [one.destination_id for one in feedback.list_destinations(*own).items] == [created.destination_id]
    with pytest.raises(NotFoundError):
        feedback.get_destination(stranger, own[1], created.destination_id)
    with pytest.raises(NotFoundError):
        feedback.list_destinations(stranger, own[1])
    with pytest.raises(NotFoundError):
        create(stranger, other.site_id, connection_id=created.connection_id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("target", "9/../x"),
        ("value_percent", 0),
        ("events", []),
        ("login_id", "123"),
        ("test_code", "a b"),
        ("connection_id", "TIKTOK"),
        ("platform", "MANUAL"),
    ],
)
def test_destination_is_refused_by_its_field(own: tuple[Caller, str], field: str, value: Any) -> None:
    if field == "connection_id":
        value = connection(own[0].organization_id, str(value))

    with pytest.raises(InvalidError, match=f"^{field}: "):
        create(own[0], own[1], **{field: value})


def test_destination_tells_only_what_comes_after_it_is_turned_on_again(own: tuple[Caller, str]) -> None:
    created = create(*own)
    off = feedback.change_destination(*own, created.destination_id, enabled=False)

    on = feedback.change_destination(*own, created.destination_id, enabled=True, clock=lambda: created.since_ms + 5_000)

    assert (off.since_ms, on.since_ms) == (created.since_ms, created.since_ms + 5_000)


def test_destination_says_why_nothing_is_told_until_it_is(own: tuple[Caller, str]) -> None:
    created = create(*own)

    def because() -> str:
        (listed,) = feedback.list_destinations(*own).items
        return listed.silent_because

    assert "set its conversion_feedback to ON" in because()
    tenancy.change_site(own[0], own[1], {"conversion_feedback": "ON"})
    assert because() == ""
    feedback.change_destination(*own, created.destination_id, enabled=False)
    assert "set its enabled to true" in because()
    feedback.change_destination(*own, created.destination_id, enabled=True)
    held = CONNECTIONS.get(own[0], created.connection_id)
    CONNECTIONS.change(own[0], held, replace(held, status="REAUTH_REQUIRED"))
    assert because() == "Meta no longer accepts the connection: connect it again"


def test_removed_destination_is_in_no_list(own: tuple[Caller, str]) -> None:
    created = create(*own)

    feedback.archive_destination(*own, created.destination_id)

    assert not feedback.list_destinations(*own).items
    with pytest.raises(NotFoundError):
        feedback.get_destination(*own, created.destination_id)
