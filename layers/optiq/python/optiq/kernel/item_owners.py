"""Whose an item of the table is. It follows from the manifests: from the owners that its keys name, and from the
attributes that its entity says.

An owner is an organization, a site, a workspace or team, or a user. An item has several: a membership is the user's
and the organization's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from optiq.kernel.manifest import Item, contexts

RawItem = Mapping[str, Mapping[str, Any]]
"""An item as the table gives it: `{"pk": {"S": "ORG#…"}}`."""
_OWNERS = ("org", "site", "workspace", "team", "group", "user")
_ALTERNATIVES = re.compile(r", | or ")
_PLACEHOLDER = re.compile(r"<([^>]*)>")
_PARTITION_OF_TENANT = re.compile(r"ORG#([^#]+)")


@dataclass(frozen=True, slots=True)
class Owned:
    """An item's entity and owners. `item` is None where no manifest has such a key."""

    item: Item | None
    owners: frozenset[str]


def owned(raw: RawItem) -> Owned:
    """The entity and the owners of an item."""
    pk, sk = raw["pk"]["S"], raw["sk"]["S"]
    for item, patterns in _items():
        for pattern in patterns:
            if match := pattern.fullmatch(f"{pk}\n{sk}"):
                return Owned(item, frozenset(filter(None, (*match.groupdict().values(), *_further(item, raw)))))
    # A key that no manifest has any more is its organization's all the same.
    return Owned(None, frozenset(_PARTITION_OF_TENANT.findall(pk)))


def attributes_of_owners() -> frozenset[str]:
    """The attributes beside the keys that say whose an item is."""
    return frozenset(name for item, _ in _items() for name in item.owned_by)


def names_an_owner(item: Item) -> bool:
    """Whether the manifest says whose the items of an entity are, or why they are nobody's."""
    keys = (item.pk, item.sk, item.gsi1pk, item.gsi1sk)
    placeholders = {name for key in keys for name in _PLACEHOLDER.findall(key)}
    return bool(placeholders.intersection(_OWNERS) or item.owned_by or item.part_of or item.nobodys)


def parts_of(item: Item) -> bool:
    """Whether other entities of the same partition are deleted with it."""
    return any(other.part_of == item.entity for other, _ in _items())


def _further(item: Item, raw: RawItem) -> list[str]:
    """Owners that the index or an attribute names."""
    found = [str(raw[name]["S"]) for name in item.owned_by if "S" in raw.get(name, {})]
    for name, template in (("gsi1pk", item.gsi1pk), ("gsi1sk", item.gsi1sk)):
        if name in raw and template:
            match = _pattern(template.replace("…", "")).fullmatch(raw[name]["S"])
            found += list(match.groupdict().values()) if match else []
    return found


@cache
def _items() -> tuple[tuple[Item, tuple[re.Pattern[str], ...]], ...]:
    return tuple((item, _patterns(item)) for context in contexts() for item in context.items)


def _patterns(item: Item) -> tuple[re.Pattern[str], ...]:
    """One for each way in which the entity's keys are written."""
    ways = product(_ALTERNATIVES.split(item.pk), _ALTERNATIVES.split(item.sk))
    return tuple(_pattern(f"{pk}\n{sk}") for pk, sk in ways)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """An owner stands in the group of its name. What ends a key may have any signs."""
    seen: set[str] = set()

    def group(name: str, *, last: bool) -> str:
        signs = ".*" if last else "[^#\n]*"
        if name not in _OWNERS or name in seen:
            return signs
        seen.add(name)
        return f"(?P<{name}>{signs})"

    parts = _PLACEHOLDER.split(template)
    written = "".join(
        group(part, last=number == len(parts) - 2 and not parts[-1]) if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    )
    return re.compile(written)
