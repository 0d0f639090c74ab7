"""Groups are archived and restored by a change like any other."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from optiq.tenancy.contracts import Team, Workspace
from optiq.tenancy.groups.membership import require_open

G = TypeVar("G", Team, Workspace)


def changed(group: G, changes: Mapping[str, object], now_ms: int) -> G:
    """The group with changes made, not yet checked. Raises ConflictError for an archived one that stays so."""
    fields: dict[str, Any] = dict(changes)
    archived = fields.pop("archived", group.archived_ms is not None)
    if group.archived_ms is not None and archived:
        if fields:
            require_open(group)
        return group
    return replace(group, archived_ms=now_ms if archived else None, **fields)
