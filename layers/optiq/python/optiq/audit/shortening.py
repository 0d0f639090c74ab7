"""Entries stay small: settings may be lists of hundreds of rules, and an item of the table is 400 KB at most."""

import json
from dataclasses import replace
from hashlib import sha256

from optiq.audit.contracts import Change, Fields, Json

_LONGEST_FIELDS = 20_000
_LONGEST_FIELD = 500


def shortened(change: Change) -> Change:
    """The change as it is kept: when it is long, its long fields are their lengths and SHA-256 digests."""
    if len(_text(dict(change.before))) + len(_text(dict(change.after))) <= _LONGEST_FIELDS:
        return change
    return replace(change, before=_short(change.before), after=_short(change.after))


def _short(fields: Fields) -> Fields:
    return {name: value if len(_text(value)) <= _LONGEST_FIELD else _digest(value) for name, value in fields.items()}


def _digest(value: Json) -> str:
    text = _text(value)
    return f"sha256:{sha256(text.encode()).hexdigest()} of {len(text)} characters"


def _text(value: Json | dict[str, Json]) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
