"""Parameters as v1 of the API takes them: forms such as `items[0][price]=p&metadata[org]=x`."""

import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import stripe.checkout
import stripe.params
import stripe.params.billing
import stripe.params.billing_portal
import stripe.params.checkout
import stripe.params.test_helpers

from infra.local.stripe_server.errors import invalid
from infra.local.stripe_server.shapes import Obj, listing

_NAMED = re.compile(r"\b\w*Params\w*\b")
_MOST_LISTED = 100
_KEY = re.compile(r"\[([^\]]*)\]")


def parse_form(text: str) -> dict[str, Any]:
    """A form as nested mappings; those with numbers for names are lists."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, _, rest = name.partition("[")
        keys = [first, *_KEY.findall(f"[{rest}" if rest else "")]
        place = found
        for position, key in enumerate(keys[:-1]):
            place = place.setdefault(key or str(position), {})
        place[keys[-1] or str(len(place))] = value
    lists: dict[str, Any] = {name: _listed(value) for name, value in found.items()}
    return lists


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(each) for name, each in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def refuse_unknown(params: dict[str, Any], type_name: str) -> None:
    """Raises 400 `parameter_unknown` for a parameter that the package's type does not have."""
    _refuse(params, _type(type_name), "")


def _refuse(value: Any, kind: type, path: str) -> None:
    if isinstance(value, list):
        for number, each in enumerate(value):
            _refuse(each, kind, f"{path}[{number}]")
        return
    if not isinstance(value, dict):
        return
    known = {name.rstrip("_"): hint for name, hint in kind.__annotations__.items()}
    for name, each in value.items():
        where = f"{path}[{name}]" if path else name
        if name not in known:
            raise invalid(f"Received unknown parameter: {where}", code="parameter_unknown", param=where)
        for inner in _NAMED.findall(str(known[name])):
            if isinstance(each, dict | list):
                _refuse(each, getattr(sys.modules[kind.__module__], inner), where)
                break


@cache
def _type(name: str) -> type:
    """The package's type of a call's parameters, such as `checkout.SessionCreateParams`."""
    found: Any = stripe.params
    for part in name.split("."):
        found = getattr(found, part)
    kind: type = found
    return kind


@dataclass(frozen=True)
class Request:
    """One call: the ids of its path, and its parameters."""

    ids: tuple[str, ...]
    params: dict[str, Any]

    @property
    def id(self) -> str:
        return self.ids[0]

    def text(self, name: str, default: str = "") -> str:
        return str(self.params.get(name, default))

    def required(self, name: str) -> str:
        if not self.params.get(name):
            raise invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
        return self.text(name)

    def number(self, name: str) -> int | None:
        value = self.params.get(name)
        if value in (None, ""):
            return None
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name) from error

    def flag(self, name: str) -> bool | None:
        value = self.params.get(name)
        return None if value in (None, "") else value in (True, "true")

    def each(self, name: str) -> list[dict[str, Any]]:
        value = self.params.get(name) or []
        if not isinstance(value, list):
            raise invalid(f"Invalid array: {name}", param=name)
        return value

    def page(self, url: str, found: list[Obj]) -> Obj:
        """The part of a list that is asked for: `limit` of 1 to 100, behind the one that `starting_after` names."""
        limit, after = self.number("limit") or 10, self.text("starting_after")
        if not 1 <= limit <= _MOST_LISTED:
            raise invalid("Invalid integer: limit must be from 1 to 100", param="limit")
        ids = [one["id"] for one in found]
        if after and after not in ids:
            raise invalid(f"No such object: '{after}'", code="resource_missing", param="starting_after")
        left = found[ids.index(after) + 1 :] if after else found
        return listing(url, left[:limit], has_more=len(left) > limit)

    def inner(self, name: str) -> dict[str, Any]:
        value = self.params.get(name) or {}
        if not isinstance(value, dict):
            raise invalid(f"Invalid object: {name}", param=name)
        return value
