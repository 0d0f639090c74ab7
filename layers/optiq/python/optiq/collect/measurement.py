"""Google Analytics 4's Measurement Protocol, for who sends it already.

https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from optiq.collect import normalise, payloads
from optiq.collect.contracts import Sender
from optiq.collect.dialects import SCREEN_VIEW
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import Campaign

MAX_BODY_BYTES = 130 * 1024
MAX_EVENTS = 25

_MICROS_IN_MS = 1_000
Micros = Annotated[int, Field(ge=0)] | None


class Request(payloads.Payload):
    """What one request says of all its events; they are read one by one, so that a bad one does not spoil the rest."""

    client_id: payloads.Id = ""
    app_instance_id: payloads.Id = ""
    user_id: payloads.Id = ""
    user_agent: payloads.Text = ""
    timestamp_micros: Micros = None
    events: Annotated[list[Any], Field(min_length=1, max_length=MAX_EVENTS)]


class Params(payloads.Payload):
    """The parameters of an event that mean something to us."""

    page_location: payloads.Address = ""
    page_referrer: payloads.Address = ""
    page_title: payloads.Text = ""
    screen_name: payloads.Name = ""
    session_id: payloads.Id = ""
    transaction_id: payloads.Id = ""
    source: payloads.CampaignValue = ""
    medium: payloads.CampaignValue = ""
    campaign: payloads.CampaignValue = ""
    term: payloads.CampaignValue = ""
    content: payloads.CampaignValue = ""


class Event(payloads.Payload):
    name: Annotated[payloads.Name, Field(min_length=1)]
    params: Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)] = {}
    timestamp_micros: Micros = None


def of_measurement(said: Mapping[str, Any], request: Request) -> normalise.Statement:
    """One event of a request. Raises InvalidError."""
    event = payloads.read_payload(Event, said)
    params = payloads.read_payload(Params, event.params)
    micros = request.timestamp_micros if event.timestamp_micros is None else event.timestamp_micros
    client_id = request.client_id or request.app_instance_id
    order_id = params.transaction_id if event.name == "purchase" else ""
    return normalise.Statement(
        kind="PAGE" if event.name in (normalise.PAGE_VIEW, SCREEN_VIEW) else "TRACK",
        name=params.screen_name or SCREEN_VIEW if event.name == SCREEN_VIEW else event.name,
        event_id=f"purchase.{order_id}"[: payloads.MAX_ID] if order_id else "",
        anonymous_id=client_id,
        user_id=request.user_id,
        session_hint=params.session_id,
        timestamp_ms=None if micros is None else micros // _MICROS_IN_MS,
        sent_ms=None,
        url=params.page_location,
        referrer=params.page_referrer,
        title=params.page_title,
        campaign=_campaign(event, params),
        user_agent=request.user_agent,
        properties=event.params,
        # Shops report one order more than once, at other times and from other pages: it is the same purchase when
        # the same buyer pays the same.
        digest=normalise.digest_of(
            {
                "who": [client_id, request.user_id],
                "order": [order_id, event.params.get("value"), event.params.get("currency")],
            }
        ),
        identifiers=(("ga_cid", request.client_id),) if request.client_id else (),
    )


def _campaign(event: Event, params: Params) -> Campaign | None:
    """Google has an event of its own for how somebody came; other events' addresses carry utm_*."""
    if event.name != "campaign_details" or not (params.source or params.medium or params.campaign):
        return None
    return Campaign(
        source=params.source, medium=params.medium, name=params.campaign, term=params.term, content=params.content
    )


def events_of(request: Request) -> list[Any]:
    if not (request.client_id or request.app_instance_id or request.user_id):
        raise InvalidError("client_id: is needed, or a user_id")
    return request.events
