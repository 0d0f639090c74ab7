"""Conditional requests (RFC 9110, section 13): an answer that has a version has an ETag, which a change may name.

A tag is the version and a digest of the answer: `"7-1f0c2b3a4d5e6f70"`. Whoever reads again gets a 304 while the whole
tag is right. A change is made while the version is right: `If-Match` becomes the body's `version`, which is checked
where the change is stored.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from optiq.kernel.errors import InvalidError, PreconditionFailedError, VersionError
from optiq.kernel.http import Event, Response, body_bytes, header, problem

_FIELD = "version"
_TAG = re.compile(r'(?P<weak>W/)?"(?P<opaque>[\x21\x23-\x7e\x80-\xff]*)"')
_OURS = re.compile(r"(?P<version>\d{1,15})-[0-9a-f]{16}")
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Versions:
    """Where a route's documents have versions.

    Attributes:
        expected: whether its body may say which version a change is meant for.
        answered: the path to the version in its answer; empty when it has none.
    """

    expected: bool = False
    answered: tuple[str, ...] = ()


def versions_of(function: Callable[..., Any]) -> Versions:
    """What the types of a route's function say of versions."""
    hints = get_type_hints(function)
    answered = _path_in(next(_models(hints.pop("return", None)), None))
    expected = any(_FIELD in model.model_fields for hint in hints.values() for model in _models(hint))
    return Versions(expected, answered)


def expecting(event: Event, versions: Versions) -> Event:
    """The request with the version of its If-Match in its body.

    Raises:
        InvalidError: the header cannot be read, names another version than the body, or this has no versions.
        PreconditionFailedError: the tag is of no version.
    """
    condition = header(event, "if-match").strip()
    if condition in ("", "*"):
        return event
    if not versions.expected:
        raise InvalidError("If-Match: this route knows no versions; leave it out")
    wanted, body = _wanted(condition), _object_in(event)
    if body is None:
        return event
    given = body.setdefault(_FIELD, wanted)
    if given != wanted:
        raise InvalidError(
            f"If-Match: names version {wanted}, but version is {given}; give one of them, or the same",
            fields={"body.version": f"must be {wanted}, as If-Match says, or be left out"},
        )
    return {**event, "body": json.dumps(body), "isBase64Encoded": False}


def tagged(event: Event, versions: Versions, answer: Response) -> Response:
    """The answer with its tag; without its body when the caller has it already; a 412 for a version that has passed."""
    if answer["statusCode"] == 409:
        return _failed(event, answer)
    method = event["requestContext"]["http"]["method"]
    if not versions.answered or answer["statusCode"] != (201 if method == "POST" else 200):
        return answer
    tag = _tag(answer["body"], versions.answered)
    headers = {**answer["headers"], "etag": tag}
    if method == "GET" and _has(header(event, "if-none-match"), tag):
        kept = {name: value for name, value in headers.items() if name.lower() != "content-type"}
        return {**answer, "statusCode": 304, "headers": kept, "body": ""}
    return {**answer, "headers": headers}


def _failed(event: Event, answer: Response) -> Response:
    body = json.loads(answer["body"])
    if not header(event, "if-match") or body["code"] != VersionError.code:
        return answer
    failed = problem(PreconditionFailedError(f"If-Match: {body['detail']}"))
    return {**failed, "headers": {**answer["headers"], **failed["headers"]}}


def _tag(body: str, path: tuple[str, ...]) -> str:
    version = json.loads(body)
    for name in path:
        version = version[name]
    return f'"{version}-{sha256(body.encode()).hexdigest()[:_DIGITS]}"'


def _wanted(condition: str) -> int:
    """The version that an If-Match names. Raises InvalidError, PreconditionFailedError."""
    found = _TAG.fullmatch(condition)
    if found is None:
        raise InvalidError('If-Match: must be one tag as an `etag` header had it, such as "7-1f0c2b3a4d5e6f70", or *')
    ours = _OURS.fullmatch(found["opaque"])
    if found["weak"] or ours is None:
        raise PreconditionFailedError(
            "If-Match: the tag is of no version; read it again and take the tag of its answer"
        )
    return int(ours["version"])


def _has(condition: str, tag: str) -> bool:
    """Whether an If-None-Match has the tag, weak or not (RFC 9110, section 13.1.2)."""
    return condition.strip() == "*" or any(f'"{found["opaque"]}"' == tag for found in _TAG.finditer(condition))


def _object_in(event: Event) -> dict[str, Any] | None:
    """The body; None for one that is no JSON object, which the route refuses."""
    try:
        body = json.loads(body_bytes(event))
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _path_in(model: type[BaseModel] | None) -> tuple[str, ...]:
    """Documents have a version, or one of several that is in force."""
    if model is None:
        return ()
    if _FIELD in model.model_fields:
        return (_FIELD,)
    current = model.model_fields.get("current")
    within = next(_models(current.annotation), None) if current else None
    return ("current", *_path_in(within)) if within and _path_in(within) else ()


def _models(hint: object) -> Iterator[type[BaseModel]]:
    """The models in a type such as `tuple[LinkOut, int]` or `Response[LinkOut]`."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for argument in get_args(hint):
        yield from _models(argument)
