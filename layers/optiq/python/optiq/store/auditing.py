"""What the audit log has of an entity."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from optiq.audit.contracts import Json

_UNAUDITED = frozenset({"organization_id", "created_ms", "version"})


def audited_fields(entity: Any) -> dict[str, Json]:
    """The fields of an entity as the audit log has them; what has fields of its own is JSON."""
    return {each.name: _as_json(getattr(entity, each.name)) for each in fields(entity) if each.name not in _UNAUDITED}


def _as_json(value: Any) -> Json:
    if isinstance(value, tuple):
        return [each if isinstance(each, str) else json.dumps(each, default=asdict) for each in value]
    if isinstance(value, Mapping):
        return json.dumps(dict(value))
    return json.dumps(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else value
