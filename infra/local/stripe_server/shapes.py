"""What every object of a kind has when it is new. A test compares them with the types of the `stripe` package."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

Obj = dict[str, Any]
_SHAPES: dict[str, Obj] = json.loads(Path(__file__).with_name("shapes.json").read_text())
_WITHOUT_LIVEMODE = frozenset({"subscription_item", "refund", "discount"})
_WITHOUT_CREATED = frozenset({"line_item", "discount", "invoiceitem"})


def prefix_of(kind: str) -> str:
    """What the ids of a kind begin with."""
    return str(_SHAPES[kind]["prefix"])


def new_object(kind: str, object_id: str, created: int, **fields: Any) -> Obj:
    """A new object; `fields` must be fields of its kind."""
    shape: Obj = deepcopy(_SHAPES[kind]["fields"])
    if unknown := fields.keys() - shape.keys():
        raise KeyError(f"{kind} has no {sorted(unknown)}")
    made: Obj = {"id": object_id, "object": kind}
    if kind not in _WITHOUT_CREATED:
        made["created"] = created
    if kind not in _WITHOUT_LIVEMODE:
        made["livemode"] = False
    made |= shape | fields
    return made


def listing(url: str, objects: list[Obj], *, has_more: bool = False) -> Obj:
    """A list as the API answers it."""
    return {"object": "list", "data": objects, "has_more": has_more, "url": url}
