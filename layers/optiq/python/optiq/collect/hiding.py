"""What senders say, without e-mail addresses, phone numbers and secrets: what is read, kept and warned of is this.

An identifier that is such an address or number is replaced by its keyed hashes, which name the same person
(`identities.kept_form`). So a failed event keeps whose it is, and no address.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic_core import to_json

from optiq.collect.identities import (
    email_address,
    external_identifier,
    is_kept_form,
    kept_form,
    known_id,
    phone_number,
)
from optiq.collect.key_names import details_phone, names_network, names_phone, names_secret
from optiq.collect.mending import MAX_WARNING, shortened_id
from optiq.collect.network_addresses import without_networks
from optiq.collect.payloads import MAX_ID
from optiq.collect.personal_data import EMAIL, HIDDEN, PHONE, SECRET, Texts, may_hold
from optiq.kernel.events import IdentityType
from optiq.kernel.secrets import identity_hash

Role = (
    tuple[IdentityType, ...] | Literal["trait email", "trait phone", "external ids", "tracked", "network", "whatever"]
)
Shape = Mapping[str, "Role | Shape"]
"""Which fields of an object name a person or a network; lists are looked through."""

_TRAITS: Shape = {"email": "trait email", "phone": "trait phone"}
MESSAGE: Shape = {
    "userId": ("user_id",),
    "anonymousId": ("anonymous_id",),
    "previousId": ("anonymous_id", "user_id"),
    "traits": _TRAITS,
    "context": {"traits": _TRAITS, "externalIds": "external ids", "ip": "network"},
}
"""A message of Segment's API."""
SEGMENT: Shape = {**MESSAGE, "batch": MESSAGE}
MEASUREMENT: Shape = {
    "client_id": ("ga_cid",),
    "app_instance_id": ("anonymous_id",),
    "user_id": ("user_id",),
    "ip_override": "network",
}
PIXEL: Shape = {"a": ("anonymous_id",)}
BEACON: Shape = {"events": "tracked"}
_TRACKED: Shape = {"anonymous_id": ("anonymous_id",), "user_id": ("user_id",)}
_IDENTIFIED: Shape = {**_TRACKED, "properties": _TRAITS}
_SILENT = frozenset({"traits", "externalIds", "ip_override", "ip"})
"""Not kept with any event, so no event says that something of it was replaced."""
_PHONE_DIGITS = range(8, 16)
_PAIR = re.compile(r'"([^"\\]{1,100})"(\s*:\s*)(?:"((?:[^"\\]|\\.)*+)"?|(\d{1,20}))', re.DOTALL)
_QUOTED = re.compile(r'\\(["\\])')
_MOST_QUOTINGS = 3
_MOST_FIELDS_OF_A_PAIR = 4
_MOST_NOTES = 1_000
"""Of one event, before they are bounded (`mending.bounded`): what is beyond is hidden all the same."""


def tracked_shape(event: Mapping[str, Any]) -> Shape:
    """An event of the tracker: the properties of one that identifies somebody are their traits."""
    return _TRACKED if event.get("kind") in ("page", "track") else _IDENTIFIED


class Hider:
    """Replaces what one request of an organization holds.

    Args:
        body: the request's JSON, looked at once for all its events; None for what is no JSON.
        replayed: identifiers that were replaced before are taken as they are. A sender's own look-alike never is.
        kept: network addresses are hidden too, for nothing reads them any more.
    """

    def __init__(
        self,
        platform_secret: bytes,
        organization_id: str,
        body: bytes | None = None,
        *,
        replayed: bool = False,
        kept: bool = False,
    ) -> None:
        self._secret = platform_secret
        self._organization_id = organization_id
        self._texts = Texts(platform_secret, organization_id)
        self._replayed = replayed
        self._networks_too = kept
        self._clean = body is not None and not may_hold(body)

    def event(self, sent: Mapping[str, Any], shape: Role | Shape, warnings: list[str]) -> Mapping[str, Any]:
        """The sent fields of one event; `warnings` gets a sentence for each field in which something was replaced."""
        if self._clean or not may_hold(to_json(sent)):
            return sent
        hidden: Mapping[str, Any] = self.anything(sent, shape, warnings)
        return hidden

    def anything(self, value: Any, shape: Role | Shape, warnings: list[str]) -> Any:
        """Any value of JSON, looked at whole."""
        return self._value(value, "", "", shape, warnings, phone=False)

    def text(self, value: str) -> str:
        """One text, of which nobody is warned."""
        return self._texts.hidden(value, set())

    def pairs(self, text: str, found: set[str], quotings: int = 0) -> str:
        """A text in which JSON stands, were it cut off: values whose names say what they are. JSON may quote JSON."""
        hidden = _PAIR.sub(lambda pair: self._pair(pair, found), text)
        if '\\"' not in text or quotings == _MOST_QUOTINGS:
            return hidden
        plain = _QUOTED.sub(r"\1", hidden)
        inner = self.pairs(plain, found, quotings + 1)
        return hidden if inner == plain else inner

    def texts(self, values: Sequence[str]) -> list[str]:
        return [self.text(value) for value in values]

    def _value(self, value: Any, key: str, path: str, role: Role | Shape, warnings: list[str], *, phone: bool) -> Any:
        if isinstance(value, dict):
            return self._object(value, path, role, warnings, phone=phone)
        if isinstance(value, list):
            items = enumerate(value)
            return [self._value(v, key, f"{path}.{n}", role, warnings, phone=phone) for n, v in items]
        found: set[str] = set()
        hidden = self._scalar(value, key, role, found, phone=phone)
        for sentence in (EMAIL, PHONE, SECRET):
            if sentence in found:
                _note(path, sentence, warnings)
        return hidden

    def _object(
        self, value: dict[str, Any], path: str, role: Role | Shape, warnings: list[str], *, phone: bool
    ) -> dict[str, Any]:
        if role == "external ids":
            value = self._external(value)
        shape = tracked_shape(value) if role == "tracked" else role if isinstance(role, Mapping) else {}
        hidden: dict[str, Any] = {}
        called = _called(value)
        for name, inner in value.items():
            found: set[str] = set()
            key = self._texts.hidden(name, found)
            # A name may have 60,000 characters, and as many finds beneath it.
            where = (f"{path}.{key}" if path else key)[:MAX_WARNING]
            for sentence in sorted(found):
                _note(where, sentence, warnings)
            means = called if called and name == "value" else name
            called_phone = names_phone(means) or (phone and details_phone(name))
            noted = [] if name in _SILENT else warnings
            inner_role = shape.get(name, "whatever")
            if names_secret(means) and _has_parts(inner):
                _note(where, SECRET, noted)
                hidden[key] = HIDDEN
            else:
                hidden[key] = self._value(inner, means, where, inner_role, noted, phone=called_phone)
        return hidden

    def _scalar(self, value: Any, key: str, role: Role | Shape, found: set[str], *, phone: bool) -> Any:
        if not isinstance(value, str):
            return self._number(value, key, found, phone=phone)
        if self._replayed and is_kept_form(value.strip()):
            return value
        if isinstance(role, tuple):
            return self._identifier(value, role)
        if role == "trait email" and (address := email_address(value)):
            return HIDDEN if is_kept_form(address) else self._kept("email", address)
        if role == "trait phone" and (number := phone_number(value)):
            return HIDDEN if is_kept_form(number) else self._kept("phone", number)
        if self._networks_too and value and (role == "network" or names_network(key)):
            return HIDDEN
        if names_secret(key) and value not in ("", HIDDEN):
            found.add(SECRET)
            return HIDDEN
        if '":' in value:
            value = self.pairs(value, found)
        hidden = self._texts.hidden(self._texts.phone(value, found) if phone else value, found)
        return without_networks(hidden) if self._networks_too else hidden

    def _number(self, value: Any, key: str, found: set[str], *, phone: bool) -> Any:
        """A number, true, false or null: a PIN is a secret, and tables write whole numbers with a point."""
        if value is None or isinstance(value, bool):
            return value
        if names_secret(key):
            found.add(SECRET)
            return HIDDEN
        digits = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        hidden = self._texts.phone(digits, found) if phone and len(digits) in _PHONE_DIGITS else digits
        return value if hidden == digits else hidden

    def _pair(self, pair: re.Match[str], found: set[str]) -> str:
        name, between, value, number = pair.groups()
        text_or_number = value if number is None else int(number)
        hidden = self._scalar(text_or_number, name, "whatever", found, phone=names_phone(name))
        return pair[0] if hidden == text_or_number else f'"{name}"{between}"{hidden}"'

    def _identifier(self, value: str, types: Sequence[IdentityType]) -> str:
        """An id as it is, or its hashes when it is an address, or looks like hashes; "" for an address of nobody."""
        if self._may_stay(value):
            return value
        # As the reader of the request would read it.
        read = known_id(shortened_id(value, MAX_ID))
        return kept_form({kind: self._hash(kind, read) for kind in types}) if read else ""

    def _external(self, entry: dict[str, Any]) -> dict[str, Any]:
        value = entry.get("id")
        if not isinstance(value, str) or self._may_stay(value):
            return entry
        identifier = external_identifier(entry)
        return {**entry, "id": self._kept(*identifier) if identifier else ""}

    def _may_stay(self, value: str) -> bool:
        """Whether an id is no address. One that looks like hashes may stay only in a replay, where we wrote it."""
        if is_kept_form(value.strip()):
            return self._replayed
        return self._texts.hidden(value, set()) == value

    def _kept(self, kind: IdentityType, value: str) -> str:
        return kept_form({kind: self._hash(kind, value)})

    def _hash(self, kind: IdentityType, value: str) -> str:
        return identity_hash(self._secret, self._organization_id, kind, value)


def _called(value: Mapping[str, Any]) -> str:
    """What `{"name": "password", "value": …}` is called; "" for other objects."""
    if "value" not in value or len(value) > _MOST_FIELDS_OF_A_PAIR:
        return ""
    name = value.get("name", value.get("key"))
    return name if isinstance(name, str) else ""


def _note(path: str, sentence: str, warnings: list[str]) -> None:
    if len(warnings) < _MOST_NOTES:
        warnings.append(f"{path}: {sentence}")


def _has_parts(value: Any) -> bool:
    """Whether a value is an object, or a list with more than texts: what its parts are called says nothing of it."""
    return isinstance(value, dict) or (isinstance(value, list) and not all(isinstance(one, str) for one in value))
