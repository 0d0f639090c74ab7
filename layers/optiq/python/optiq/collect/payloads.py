"""The shapes senders use: the tracker's beacon and Segment's HTTP API. Anything else is refused by name."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import from_json, to_json

from optiq.kernel.errors import InvalidError

MAX_ID = 200
MAX_NAME = 200
MAX_ADDRESS = 8_192
MAX_CAMPAIGN = 500
MAX_BEACON_BYTES = 64 * 1024
MAX_SEGMENT_EVENT_BYTES = 32 * 1024
MAX_SEGMENT_BATCH_BYTES = 500 * 1024
MAX_SEGMENT_CONTEXT_BYTES = 8 * 1024
MAX_SEGMENT_BATCH_EVENTS = 2_500


def _text_of(value: object) -> object:
    """Senders give ids as numbers too, and null for what they do not know."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


# The limit stands before the validator that runs first: so pydantic checks it with the text, not in a call of its own.
Id = Annotated[str, Field(max_length=MAX_ID), BeforeValidator(_text_of)]
Name = Annotated[str, Field(max_length=MAX_NAME), BeforeValidator(_text_of)]
Address = Annotated[str, Field(max_length=MAX_ADDRESS), BeforeValidator(_text_of)]
Shortened = Annotated[str, BeforeValidator(lambda value: value[:500] if isinstance(value, str) else _text_of(value))]
CampaignValue = Annotated[str, Field(max_length=MAX_CAMPAIGN), BeforeValidator(_text_of)]
Instant = Annotated[str, Field(max_length=40), BeforeValidator(_text_of)]
Hint = Annotated[str, BeforeValidator(lambda value: value[:100] if isinstance(value, str) else "")]
"""What is left out, rather than refused, when it is no text."""
Properties = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)]
_NONE: dict[str, Any] = Field(default_factory=dict)
"""Made for each, because pydantic would copy a default of {} deeply each time."""


P = TypeVar("P", bound=BaseModel)


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class BeaconEvent(_Payload):
    """One event of the tracker."""

    event_id: Annotated[Id, Field(min_length=1)]
    kind: Literal["page", "track", "identify"]
    name: Name = ""
    timestamp: Instant
    anonymous_id: Id = ""
    user_id: Id = ""
    session_id: Id = ""
    url: Address = ""
    referrer: Address = ""
    title: Shortened = ""
    properties: Properties = _NONE


class Beacon(_Payload):
    """What the tracker posts; the events are read one by one, so that one bad event does not spoil the rest."""

    k: Annotated[str, Field(max_length=200)]
    sent_at: Instant = ""
    events: Annotated[list[Any], Field(min_length=1, max_length=500)]


class SegmentPage(_Payload):
    url: Address = ""
    referrer: Address = ""
    title: Shortened = ""


class SegmentCampaign(_Payload):
    source: CampaignValue = ""
    medium: CampaignValue = ""
    name: CampaignValue = ""
    term: CampaignValue = ""
    content: CampaignValue = ""


class SegmentContext(_Payload):
    page: Annotated[SegmentPage, BeforeValidator(lambda value: value or {})] = SegmentPage()
    campaign: SegmentCampaign | None = None
    userAgent: Shortened = ""  # noqa: N815 - Segment's name
    sessionId: Id = ""  # noqa: N815
    ip: Hint = ""
    traits: Properties = _NONE
    externalIds: list[Any] | None = None  # noqa: N815


class SegmentEvent(_Payload):
    """One message of Segment's specification: the parts we use, under their own names."""

    type: Literal["track", "page", "screen", "identify", "group", "alias"]
    event: Name = ""
    name: Name = ""
    messageId: Id = ""  # noqa: N815
    anonymousId: Id = ""  # noqa: N815
    userId: Id = ""  # noqa: N815
    groupId: Id = ""  # noqa: N815
    previousId: Id = ""  # noqa: N815
    timestamp: Instant = ""
    originalTimestamp: Instant = ""  # noqa: N815
    sentAt: Instant = ""  # noqa: N815
    context: Annotated[SegmentContext, BeforeValidator(lambda value: value or {})] = SegmentContext()
    traits: Properties = _NONE
    properties: Properties = _NONE


def read_json_object(body: bytes, limit_bytes: int) -> dict[str, Any]:
    """The JSON object in a body.

    Raises:
        InvalidError: not JSON (NaN, bad UTF-8, lone surrogates and nesting beyond 200 levels included), or no object.
    """
    if len(body) > limit_bytes:
        raise InvalidError(f"the body is {len(body)} bytes; at most {limit_bytes} are accepted")
    try:
        value = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidError(f"the body is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidError("the body must be a JSON object")
    return value


def require_size(name: str, value: object, limit_bytes: int) -> None:
    """Raises InvalidError for what is larger, written as JSON."""
    size = len(to_json(value))
    if size > limit_bytes:
        raise InvalidError(f"{name} is {size} bytes; at most {limit_bytes} are accepted")


def read_payload(shape: type[P], value: Mapping[str, Any]) -> P:
    """Raises InvalidError that names the first field at fault."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "event"
        raise InvalidError(f"{field}: {first['msg']}") from error
