"""Google Analytics 4's Measurement Protocol, for who sends it already.

https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference

The protocol has no event ids. An event with `timestamp_micros` gets one from its content, so the same request sent
again is a duplicate. Two reports of one order at different times are two events of that order.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from optiq.collect import consents, normalise, payloads
from optiq.collect.campaigns import campaign_of
from optiq.collect.dialects import SCREEN_VIEW
from optiq.collect.identities import google_client_id, known_id
from optiq.collect.instants import UNDATED, read_instant
from optiq.collect.mending import read_payload
from optiq.collect.orders import Order, read_order
from optiq.collect.places import Place, place_of
from optiq.kernel.events import Campaign

MAX_BODY_BYTES = 130 * 1024
MAX_EVENTS = 25

_COUNTRY = re.compile("[A-Za-z]{2}")


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class MeasurementEvent(_Said):
    name: Annotated[payloads.Name, Field(min_length=1)]
    params: payloads.Properties = payloads.NOTHING
    timestamp_micros: payloads.Instant = ""


class UserLocation(_Said):
    country_id: payloads.Hint = ""
    city: payloads.Hint = ""


class MeasurementRequest(_Said):
    """What a request says of all its events; these are read one by one, so that a bad one does not spoil the rest."""

    client_id: payloads.Id = ""
    app_instance_id: payloads.Id = ""
    user_id: payloads.Id = ""
    user_agent: payloads.Title = ""
    user_location: Annotated[UserLocation, BeforeValidator(payloads.object_of)] = UserLocation()
    ip_override: payloads.Hint = ""
    timestamp_micros: payloads.Instant = ""
    consent: Any = None
    position: payloads.Position = 0
    events: Annotated[list[Any], Field(min_length=1, max_length=MAX_EVENTS)]


class _Params(_Said):
    """The parameters of an event that mean something to us."""

    page_location: payloads.Address = ""
    page_referrer: payloads.Address = ""
    page_title: payloads.Title = ""
    screen_name: payloads.Name = ""
    session_id: payloads.Id = ""
    transaction_id: payloads.Id = ""


class _CampaignDetails(_Said):
    source: payloads.CampaignValue = ""
    medium: payloads.CampaignValue = ""
    campaign: payloads.CampaignValue = ""
    term: payloads.CampaignValue = ""
    content: payloads.CampaignValue = ""


def of_measurement(
    sent: Mapping[str, Any], request: MeasurementRequest, position: int, warnings: list[str]
) -> normalise.Statement:
    """One event of a request, at a position; `warnings` gets what is left out of it. Raises InvalidError."""
    event = read_payload(MeasurementEvent, sent, warnings, essential=("name",))
    params = read_payload(_Params, event.params, warnings, prefix="params.")
    timestamp_ms = _happened_ms(event, request, warnings)
    said_nothing = event.timestamp_micros in UNDATED and request.timestamp_micros in UNDATED
    client_id = google_client_id(request.client_id)
    order = read_order(event.params, "params", warnings) if event.name == "purchase" else None
    digest = _digest(sent, request)
    event_id = ""
    if timestamp_ms is not None:
        event_id = "mp." + normalise.digest_of({"what": digest, "when": _instant(event, request), "place": position})
    elif order and (paid := _purchase(order, request)):
        event_id, digest = f"purchase.{paid}", paid
    return normalise.Statement(
        kind="PAGE" if event.name in (normalise.PAGE_VIEW, SCREEN_VIEW) else "TRACK",
        name=(params.screen_name or SCREEN_VIEW) if event.name == SCREEN_VIEW else event.name,
        event_id=event_id,
        derived=timestamp_ms is not None,
        # Named once: of two devices that a client id is linked with, only the first would count.
        anonymous_id="" if client_id else request.app_instance_id,
        user_id=request.user_id,
        session_hint=params.session_id,
        timestamp_ms=timestamp_ms,
        sent_ms=None,
        url=params.page_location,
        referrer=params.page_referrer,
        title=params.page_title,
        campaign=_campaign(event, warnings),
        user_agent=request.user_agent,
        place=_place(request),
        properties=event.params,
        digest=digest,
        identifiers=(("ga_cid", client_id),) if client_id else (),
        warnings=warnings,
        properties_name="params",
        undated=timestamp_ms is None and not said_nothing,
        order=order,
        consent=consents.of_object(request.consent, "GOOGLE") if request.consent else "",
    )


def _happened_ms(event: MeasurementEvent, request: MeasurementRequest, warnings: list[str]) -> int | None:
    own_ms = read_instant("timestamp_micros", event.timestamp_micros, warnings)
    return read_instant("timestamp_micros", request.timestamp_micros, warnings) if own_ms is None else own_ms


def _instant(event: MeasurementEvent, request: MeasurementRequest) -> str:
    """The time of an event as it was sent: two events within a millisecond are two."""
    return str(request.timestamp_micros if event.timestamp_micros in UNDATED else event.timestamp_micros)


def _place(request: MeasurementRequest) -> Place:
    """Where the sender says the visitor was, else what we find of the address it states."""
    location = request.user_location
    if _COUNTRY.fullmatch(location.country_id):
        return Place(location.country_id.upper(), location.city)
    return place_of(request.ip_override)


def _campaign(event: MeasurementEvent, warnings: list[str]) -> Campaign | None:
    """Google has an event of its own for how somebody came; the addresses of other events carry utm_*."""
    if event.name != "campaign_details":
        return None
    found = read_payload(_CampaignDetails, event.params, warnings, prefix="params.").model_dump()
    return campaign_of({"name": found.pop("campaign"), **found})


def _purchase(order: Order, request: MeasurementRequest) -> str:
    """Names what a buyer paid for an order, or "" without one: the id of a purchase that does not say when it happened.

    Shops report an order more than once: from other pages, with the price in another spelling, and once more when the
    buyer has signed in. For the same price it is one event. Other buyers may have the same number.
    """
    if not order.order_id:
        return ""
    devices = (google_client_id(request.client_id), known_id(request.app_instance_id))
    buyer = next(filter(None, devices), "") or known_id(request.user_id)
    return normalise.digest_of({"who": buyer, "what": [order.order_id, order.value_micros, order.currency]})


def _digest(sent: Mapping[str, Any], request: MeasurementRequest) -> str:
    device = request.client_id or request.app_instance_id
    return normalise.digest_of({"who": [device, request.user_id], "what": sent})
