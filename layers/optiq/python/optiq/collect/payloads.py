"""The shapes senders use: the tracker's beacon and Segment's HTTP API.

A shape is strict, so that what fits it is read fast. What does not fit is mended (`mending`), or refused by name.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import to_json

MAX_ID = 200
MAX_NAME = 200
MAX_ADDRESS = 8_192
MAX_CAMPAIGN = 500
"""Characters of one value of a campaign; what is longer is shortened."""
MAX_TITLE = 500
MAX_HINT = 100
MAX_BEACON_BYTES = 64 * 1024
MAX_PIXEL_BYTES = 32 * 1024
MAX_SEGMENT_EVENT_BYTES = 32 * 1024
MAX_SEGMENT_BATCH_BYTES = 500 * 1024
MAX_SEGMENT_CONTEXT_BYTES = 8 * 1024
MAX_SEGMENT_BATCH_EVENTS = 2_500

_EXACT = 2**53
"""Below it, a floating-point number holds every integer."""


def _text_of(value: object) -> object:
    """Senders give ids as numbers too (12.0 is 12), and null for what they do not know."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def object_of(value: object) -> object:
    """PHP writes an empty map as []."""
    return {} if value is None or value == [] else value


def _object_or_none(value: object) -> object:
    return None if value == [] else value


def _campaign_or_none(value: object) -> object:
    """Names in any case, also as in addresses: `Source`, `utm_source`, `utm_campaign`."""
    if not isinstance(value, dict) or value.keys() <= SegmentCampaign.model_fields.keys():
        return _object_or_none(value)
    named = {_campaign_field(name): one for name, one in value.items() if one not in (None, "")}
    return named | {name: one for name, one in value.items() if name in SegmentCampaign.model_fields and one}


def _campaign_field(name: str) -> str:
    plain = name.strip().lower().removeprefix("utm_")
    return "name" if plain == "campaign" else plain


def _list_or_none(value: object) -> object:
    return None if value == {} else value


# The limit stands before the validator that runs first: so pydantic checks it with the text, not in a call of its own.
Id = Annotated[str, Field(max_length=MAX_ID), BeforeValidator(_text_of)]
Name = Annotated[str, Field(max_length=MAX_NAME), BeforeValidator(_text_of)]
Address = Annotated[str, Field(max_length=MAX_ADDRESS), BeforeValidator(_text_of)]
Title = Annotated[str, Field(max_length=MAX_TITLE), BeforeValidator(_text_of)]
CampaignValue = Annotated[str, Field(max_length=MAX_CAMPAIGN), BeforeValidator(_text_of)]
Hint = Annotated[str, Field(max_length=MAX_HINT), BeforeValidator(_text_of)]
Instant = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}]})]
"""Read by `instants`, which knows more spellings than one type has."""
Position = Annotated[int, Field(ge=0, le=MAX_SEGMENT_BATCH_EVENTS)]
"""Of the first event: a request that was kept for one of its events says where that one was."""
Properties = Annotated[dict[str, Any], BeforeValidator(object_of)]
NOTHING: dict[str, Any] = Field(default_factory=dict)
"""Made for each, because pydantic would copy a default of {} deeply each time."""


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class BeaconEvent(_Payload):
    """One event of the tracker."""

    event_id: Annotated[Id, Field(min_length=1)]
    kind: Literal["page", "track", "identify"]
    name: Name = ""
    timestamp: Instant = ""
    anonymous_id: Id = ""
    user_id: Id = ""
    session_id: Id = ""
    url: Address = ""
    referrer: Address = ""
    title: Title = ""
    properties: Properties = NOTHING


class Beacon(_Payload):
    """What the tracker posts; the events are read one by one, so that one bad event does not spoil the rest.

    `c` is the visitor's consent to advertising, `m` cookies of advertising platforms; both are absent before consent.
    """

    k: Annotated[str, Field(max_length=200)]
    sent_at: Instant = ""
    c: Any = None
    m: Any = None
    position: Position = 0
    events: Annotated[list[Any], Field(min_length=1, max_length=500)]


class Pixel(_Payload):
    """The parameters of a pixel's address that are texts of ours: event, visitor, address and referrer."""

    e: Name = ""
    a: Id = ""
    u: Address = ""
    r: Address = ""


class SegmentPage(_Payload):
    url: Address = ""
    search: Address = ""
    referrer: Address = ""
    title: Title = ""


class SegmentReferrer(_Payload):
    url: Address = ""


class SegmentCampaign(_Payload):
    source: CampaignValue = ""
    medium: CampaignValue = ""
    name: CampaignValue = ""
    term: CampaignValue = ""
    content: CampaignValue = ""


class SegmentContext(_Payload):
    page: Annotated[SegmentPage, BeforeValidator(object_of)] = SegmentPage()
    campaign: Annotated[SegmentCampaign | None, BeforeValidator(_campaign_or_none)] = None
    referrer: Annotated[SegmentReferrer, BeforeValidator(object_of)] = SegmentReferrer()
    userAgent: Title = ""  # noqa: N815 - Segment's name
    sessionId: Id = ""  # noqa: N815
    ip: Hint = ""
    traits: Properties = NOTHING
    externalIds: Annotated[list[Any] | None, BeforeValidator(_list_or_none)] = None  # noqa: N815


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
    context: Annotated[SegmentContext, BeforeValidator(object_of)] = SegmentContext()
    traits: Properties = NOTHING
    properties: Properties = NOTHING


def wrong_size(name: str, value: object, limit_bytes: int) -> str:
    """What is wrong with a value that is larger, written as JSON; "" for one that is not."""
    size = len(to_json(value))
    return f"{name} is {size} bytes; at most {limit_bytes} are accepted" if size > limit_bytes else ""
