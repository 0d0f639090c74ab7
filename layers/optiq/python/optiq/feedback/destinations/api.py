"""Destinations of a site, as people set them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Unpack

from optiq.feedback.destinations.checking import checked
from optiq.feedback.destinations.contracts import (
    Destination,
    DestinationChange,
    Platform,
    ShownDestination,
    ToldEvent,
)
from optiq.feedback.destinations.silence import shown, shown_of_site
from optiq.feedback.destinations.stores import DESTINATIONS, known_of_site, of_site
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.tenancy import api as tenancy

__all__ = [
    "archive_destination",
    "change_destination",
    "create_destination",
    "enabled_of_site",
    "get_destination",
    "list_destinations",
    "shown",
]

_MOST = 20
"""Of a site, archived ones not counted."""


def create_destination(
    caller: Caller,
    site_id: str,
    *,
    name: str,
    platform: Platform,
    connection_id: str,
    target: str,
    events: Sequence[ToldEvent],
    clock: Clock = system_clock,
    **settings: Any,
) -> Destination:
    """
    Args:
        settings: other fields of `Destination`.

    Raises:
        NotFoundError: there is no such site or connection.
        InvalidError: a field that cannot be; the message begins with its name.
    """
    tenancy.get_site(caller.organization_id, site_id)
    now_ms = clock()
    destination = Destination(
        caller.organization_id,
        site_id,
        new_id("destination", now_ms),
        name,
        platform,
        connection_id,
        target,
        tuple(events),
        now_ms,
        now_ms,
        **settings,
    )
    if len(of_site(caller.organization_id, site_id)) >= _MOST:
        raise InvalidError(f"name: the site has {_MOST} destinations; remove one first")
    return DESTINATIONS.add(caller, checked(caller, destination), clock)


def list_destinations(
    caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None
) -> Page[ShownDestination]:
    """A page of a site's destinations, oldest first. Raises NotFoundError; InvalidError for another list's cursor."""
    tenancy.get_site(caller.organization_id, site_id)
    found = DESTINATIONS.page_by_id(
        caller.organization_id, site_id, limit=limit, cursor=cursor, where=lambda one: not one.archived
    )
    return Page(tuple(shown_of_site(caller, site_id, found.items)), found.cursor)


def get_destination(caller: Caller, site_id: str, destination_id: str) -> Destination:
    """Raises NotFoundError, also for an archived one."""
    found = DESTINATIONS.get(caller, site_id, destination_id)
    if found.archived:
        raise DESTINATIONS.unknown()
    return found


def change_destination(
    caller: Caller,
    site_id: str,
    destination_id: str,
    *,
    expected_version: int | None = None,
    clock: Clock = system_clock,
    **changes: Unpack[DestinationChange],
) -> Destination:
    """Changes a destination; one that is turned on again tells what happens from then on.

    Raises:
        NotFoundError, InvalidError: as create_destination. VersionError: another version is stored.
    """
    before = get_destination(caller, site_id, destination_id)
    after = checked(caller, replace(before, **changes))
    if after.enabled and not before.enabled:
        after = replace(after, since_ms=clock())
    return DESTINATIONS.change(caller, before, after, expected_version, clock)


def archive_destination(caller: Caller, site_id: str, destination_id: str, clock: Clock = system_clock) -> None:
    """Turns a destination off and takes it out of the list; what was told stays. Raises NotFoundError."""
    before = get_destination(caller, site_id, destination_id)
    DESTINATIONS.change(caller, before, replace(before, enabled=False, archived=True), clock=clock)


def enabled_of_site(organization_id: str, site_id: str) -> tuple[Destination, ...]:
    """A site's destinations that are turned on, as of half a minute ago."""
    return known_of_site(organization_id, site_id)
