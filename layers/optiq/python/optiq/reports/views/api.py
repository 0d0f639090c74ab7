"""Saved views of a site: a person's own, and those that others share."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ForbiddenError, InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.keys import Key
from optiq.kernel.paging import Page
from optiq.reports import keys
from optiq.reports.views.contracts import View, ViewChange, ViewKind
from optiq.store.api import Store
from optiq.tenancy import api as tenancy

__all__ = ["MOST_VIEWS", "change_view", "create_view", "get_view", "list_views", "remove_view", "views_of_kind"]

MOST_VIEWS = 500
"""Of a site, removed ones not counted."""
_LONGEST_NAME, _LONGEST_QUESTION, _MOST_COLUMNS = 100, 20_000, 30


def _key(organization_id: str, site_id: str, view_id: str) -> Key:
    return keys.view(organization_id, site_id, view_id)


_VIEWS = Store(View, "view", _key)


def create_view(
    caller: Caller,
    site_id: str,
    *,
    name: str,
    kind: ViewKind,
    question: Mapping[str, Any],
    columns: tuple[str, ...] = (),
    shared: bool = False,
    clock: Clock = system_clock,
) -> View:
    """
    Raises:
        NotFoundError: there is no such site.
        InvalidError: a field that cannot be; the message begins with its name.
    """
    tenancy.get_site(caller.organization_id, site_id)
    now_ms = clock()
    view = View(
        caller.organization_id,
        site_id,
        new_id("view", now_ms),
        name,
        kind,
        question,
        caller.owner_id,
        now_ms,
        tuple(columns),
        shared,
    )
    checked = _checked(view)
    if sum(not one.archived for one in _VIEWS.all_of(caller.organization_id, site_id)) >= MOST_VIEWS:
        raise InvalidError(f"name: the site has {MOST_VIEWS} views; remove one first")
    return _VIEWS.add(caller, checked, clock)


def list_views(caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[View]:
    """The caller's own views and shared ones, newest first. Raises NotFoundError; InvalidError for another's cursor."""
    tenancy.get_site(caller.organization_id, site_id)
    return _VIEWS.page_by_id(
        caller.organization_id,
        site_id,
        limit=limit,
        cursor=cursor,
        newest_first=True,
        where=lambda view: _sees(caller, view),
    )


def views_of_kind(organization_id: str, site_id: str, kind: ViewKind) -> list[View]:
    """Everybody's views of a kind, for scheduled work; the newest first."""
    found = _VIEWS.all_of(organization_id, site_id, newest_first=True)
    return [view for view in found if view.kind == kind and not view.archived]


def get_view(caller: Caller, site_id: str, view_id: str) -> View:
    """Raises NotFoundError, also for a view of another that is not shared."""
    view = _VIEWS.get(caller, site_id, view_id)
    if not _sees(caller, view):
        raise _VIEWS.unknown()
    return view


def change_view(
    caller: Caller, site_id: str, view_id: str, changes: ViewChange, *, expected_version: int | None = None
) -> View:
    """
    Raises:
        NotFoundError: as get_view. ForbiddenError: it is another's. InvalidError: as create_view.
        VersionError: another version is stored.
    """
    view = _own(caller, site_id, view_id)
    return _VIEWS.change(caller, view, _checked(replace(view, **changes)), expected_version)


def remove_view(caller: Caller, site_id: str, view_id: str) -> None:
    """Raises NotFoundError, ForbiddenError as change_view."""
    view = _own(caller, site_id, view_id)
    _VIEWS.change(caller, view, replace(view, archived=True))


def _own(caller: Caller, site_id: str, view_id: str) -> View:
    view = get_view(caller, site_id, view_id)
    if view.owner_id != caller.owner_id:
        raise ForbiddenError("this view is another person's; save a copy to change it")
    return view


def _sees(caller: Caller, view: View) -> bool:
    return not view.archived and (view.shared or view.owner_id == caller.owner_id)


def _checked(view: View) -> View:
    name = checked_name(view.name, _LONGEST_NAME)
    if len(json.dumps(view.question)) > _LONGEST_QUESTION:
        raise InvalidError(f"question: must have at most {_LONGEST_QUESTION} characters as JSON")
    if len(view.columns) > _MOST_COLUMNS or any(len(column) > _LONGEST_NAME for column in view.columns):
        raise InvalidError(f"columns: use at most {_MOST_COLUMNS} of {_LONGEST_NAME} characters each")
    return replace(view, name=name)
