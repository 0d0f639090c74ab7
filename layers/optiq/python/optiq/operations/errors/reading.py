"""An event of Sentry's protocol as an error of ours: bounded and masked
(develop.sentry.dev/sdk/data-model/event-payloads).
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from optiq.collect import api as collect
from optiq.kernel.clock import DAY_MS, SECOND_MS, from_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.operations.errors.contracts import KEPT_DAYS, Environment, ErrorReported, Frame
from optiq.operations.errors.fingerprints import innermost, issue_id_of
from optiq.operations.errors.masking import masked, whole
from optiq.operations.errors.projects import Project

VISITOR_TAG = "optiq_visitor"
"""The tag of an event that has the visitor's id, as the tracker keeps it."""
CODE_TAG = "error_code"
_MOST_FRAMES, _MOST_VARIABLES, _WITH_VARIABLES = 30, 10, 5
_MOST_TAGS = 10
_LONGEST_NAME, _LONGEST_VALUE = 200, 200
_CLOCK_MS = 5 * 60 * SECOND_MS
_EVENT_ID = re.compile(r"[0-9a-f]{32}")


def error_of(project: Project, event: Mapping[str, Any], received_ms: int) -> ErrorReported:
    """The error that an event reports. What the event lacks is empty; nothing in it is a reason to refuse it."""
    last = _last(event.get("exception"))
    frames = _frames(last, event)
    message = _message(event, last)
    kept = masked(
        project.organization_id,
        {
            "message": message,
            "route": _route(event),
            "said": [_text(last.get("type")), _text(event.get("release")), _text(_tags(event).get(CODE_TAG))],
            "metadata": _metadata(event),
            "frames": [_frame(one, inner=place >= len(frames) - _WITH_VARIABLES) for place, one in enumerate(frames)],
        },
    )
    stack = tuple(Frame(**one | {"variables": _texts(one["variables"])}) for one in kept["frames"])
    source = next(iter(reversed(innermost(stack))), Frame())
    error_type, release, error_code = kept["said"]
    return ErrorReported(
        organization_id=project.organization_id,
        site_id=project.site_id,
        error_id=_event_id(event),
        issue_id=issue_id_of(project, error_type, kept["message"], stack),
        occurred_ms=_occurred(event.get("timestamp"), received_ms),
        received_ms=received_ms,
        message=kept["message"],
        environment=_environment(event),
        error_type=error_type,
        error_code=error_code,
        source_file=source.file,
        source_line=source.line,
        source_column=source.column,
        caller_name=source.function,
        route=kept["route"][:_LONGEST_NAME],
        release=release,
        metadata=json.dumps(kept["metadata"]),
        stack=stack,
        **_person(project, event),
    )


def _person(project: Project, event: Mapping[str, Any]) -> dict[str, str]:
    """Whom it happened to, by keyed hashes."""
    user_id = _text(_mapping(event.get("user")).get("id"))
    visitor = _text(_tags(event).get(VISITOR_TAG))
    by_user = collect.customer_id_of(project.organization_id, "user_id", user_id) if user_id else ""
    by_visitor = collect.customer_id_of(project.organization_id, "anonymous_id", visitor) if visitor else ""
    return {"user_id": by_user.removeprefix("cus_"), "customer_id": by_visitor or by_user}


def _environment(event: Mapping[str, Any]) -> Environment:
    return "FRONTEND" if event.get("platform") == "javascript" else "BACKEND"


def _event_id(event: Mapping[str, Any]) -> str:
    found = str(event.get("event_id", "")).replace("-", "").lower()
    return found if _EVENT_ID.fullmatch(found) else uuid4().hex


def _occurred(timestamp: Any, received_ms: int) -> int:
    """When it happened; when it came, where the event does not say so or its clock is off."""
    try:
        occurred_ms = round(timestamp * SECOND_MS) if isinstance(timestamp, int | float) else from_rfc3339(timestamp)
    except (TypeError, ValueError, OverflowError, InvalidError):
        return received_ms
    recent = received_ms - KEPT_DAYS * DAY_MS < occurred_ms <= received_ms + _CLOCK_MS
    return min(occurred_ms, received_ms) if recent else received_ms


def _last(exception: Any) -> Mapping[str, Any]:
    """The exception that was raised last; those it came of stand before it."""
    values = _values(exception)
    return values[-1] if values else {}


def _frames(exception: Mapping[str, Any], event: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = _list(_mapping(exception.get("stacktrace")).get("frames"))
    if not found:
        threads = [one for one in _values(event.get("threads")) if one.get("crashed") or one.get("current")]
        found = [frame for one in threads[:1] for frame in _list(_mapping(one.get("stacktrace")).get("frames"))]
    return [frame for frame in found if isinstance(frame, Mapping)][-_MOST_FRAMES:]


def _frame(frame: Mapping[str, Any], *, inner: bool) -> dict[str, Any]:
    """`inner`: it is one of those whose variables are kept."""
    variables = list(_mapping(frame.get("vars")).items())[:_MOST_VARIABLES] if inner else []
    return {
        "file": _text(frame.get("filename") or frame.get("abs_path") or frame.get("module")),
        "function": _text(frame.get("function")) or "?",
        "line": _number(frame.get("lineno")),
        "column": _number(frame.get("colno")),
        "in_app": frame.get("in_app") is True,
        "code": str(frame.get("context_line") or "").strip()[:_LONGEST_NAME],
        "variables": {_text(name): value for name, value in variables},
    }


def _texts(variables: Mapping[str, Any]) -> dict[str, str]:
    """Values as people read them."""
    written = ((name, value if isinstance(value, str) else json.dumps(value)) for name, value in variables.items())
    return {name: value[:_LONGEST_VALUE] for name, value in written}


def _message(event: Mapping[str, Any], exception: Mapping[str, Any]) -> str:
    entry = event.get("logentry") or event.get("message")
    if isinstance(entry, Mapping):
        entry = entry.get("formatted") or entry.get("message")
    return str(exception.get("value") or entry or "")


def _route(event: Mapping[str, Any]) -> str:
    """The route that was asked for, or the path of the page."""
    if transaction := event.get("transaction"):
        return str(transaction)
    try:
        return urlsplit(str(_mapping(event.get("request")).get("url", ""))).path
    except ValueError:
        return ""


def _metadata(event: Mapping[str, Any]) -> dict[str, Any]:
    contexts = _mapping(event.get("contexts"))
    named = {name: _mapping(contexts.get(name)).get("name") for name in ("browser", "os", "runtime", "device")}
    tags = {name: value for name, value in list(_tags(event).items())[:_MOST_TAGS] if name != VISITOR_TAG}
    found = {
        "level": event.get("level"),
        "environment": event.get("environment"),
        "server": event.get("server_name"),
        "sdk": _mapping(event.get("sdk")).get("name"),
        **named,
    }
    return {name: _text(value) for name, value in found.items() if value} | ({"tags": tags} if tags else {})


def _tags(event: Mapping[str, Any]) -> Mapping[str, str]:
    """As an object, or as a list of pairs."""
    tags = event.get("tags")
    pairs = tags.items() if isinstance(tags, Mapping) else [one for one in _list(tags) if _is_pair(one)]
    return {_text(name): _text(value) for name, value in pairs}


def _is_pair(one: Any) -> bool:
    return isinstance(one, list) and len(one) == 2


def _values(found: Any) -> list[Mapping[str, Any]]:
    """A list of objects, which the protocol lets stand in `values`."""
    values = found.get("values") if isinstance(found, Mapping) else found
    return [one for one in _list(values) if isinstance(one, Mapping)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    """A short text; "" for what is none."""
    return whole(str(value)[:_LONGEST_NAME]) if isinstance(value, str | int | float) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0
