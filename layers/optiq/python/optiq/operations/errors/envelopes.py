"""Sentry's envelopes: a line of headers, then items, each a line of headers and a payload
(develop.sentry.dev/sdk/foundations/transport/envelopes).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from optiq.kernel.errors import InvalidError

MOST_ITEMS = 100
_EVENT = "event"


def events_in(body: bytes) -> list[Mapping[str, Any]]:
    """The error events of an envelope. Other items, such as sessions and attachments, are passed over.

    Raises:
        InvalidError: it is no envelope, or has too many items.
    """
    _object(body.partition(b"\n")[0], "the envelope's headers")
    return [_object(payload, "an event") for kind, payload in _items(body) if kind == _EVENT]


def _items(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Each item's type and payload. Without a length, a payload ends with its line."""
    at = _line_end(body, 0) + 1
    number = 0
    while at < len(body):
        end = _line_end(body, at)
        line = body[at:end].strip()
        at = end + 1
        if not line:
            continue
        number += 1
        if number > MOST_ITEMS:
            raise InvalidError(f"the envelope has more than {MOST_ITEMS} items")
        headers = _object(line, f"the headers of item {number}")
        length = headers.get("length")
        if length is None:
            end = _line_end(body, at)
        elif isinstance(length, int) and not isinstance(length, bool) and 0 <= length <= len(body) - at:
            end = at + length
        else:
            raise InvalidError(f"length: item {number} says {length}, and {max(0, len(body) - at)} bytes are left")
        yield str(headers.get("type", "")), body[at:end]
        at = end + 1


def _line_end(body: bytes, at: int) -> int:
    end = body.find(b"\n", at)
    return len(body) if end < 0 else end


def _object(text: bytes, what: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"{what}: must be one line of JSON") from error
    if not isinstance(found, dict):
        raise InvalidError(f"{what}: must be an object")
    return found
