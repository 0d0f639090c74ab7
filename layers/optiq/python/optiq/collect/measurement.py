"""Google Analytics 4's Measurement Protocol, for who sends it already.

https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from optiq.collect import normalise, payloads
from optiq.collect.dialects import SCREEN_VIEW
from optiq.collect.identities import known_id
from optiq.collect.places import Place, place_of
from optiq.kernel.events import Campaign

MAX_BODY_BYTES = 130 * 1024
MAX_EVENTS = 25

_MICROS_IN_MS = 1_000
_COUNTRY = re.compile("[A-Za-z]{2}")
_Micros = Annotated[int, Field(ge=0)] | None


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class MeasurementEvent(_Said):
    name: Annotated[payloads.Name, Field(min_length=1)]
    params: payloads.Properties = {}
    timestamp_micros: _Micros = None


class UserLocation(_Said):
    country_id: payloads.Hint = ""
    city: payloads.Hint = ""


class MeasurementRequest(_Said):
    """What a request says of all its events; these are read one by one, so that a bad one does not spoil the rest."""

    client_id: payloads.Id = ""
    app_instance_id: payloads.Id = ""
    user_id: payloads.Id = ""
    user_agent: payloads.Shortened = ""
    user_location: Annotated[UserLocation, BeforeValidator(lambda said: said if isinstance(said, dict) else {})] = (
        UserLocation()
    )
    ip_override: payloads.Hint = ""
    timestamp_micros: _Micros = None
    events: Annotated[list[Any], Field(min_length=1, max_length=MAX_EVENTS)]

    @property
    def device(self) -> str:
        return self.client_id or self.app_instance_id


class _Params(_Said):
    """The parameters of an event that mean something to us."""

    page_location: payloads.Address = ""
    page_referrer: payloads.Address = ""
    page_title: payloads.Shortened = ""
    screen_name: payloads.Name = ""
    session_id: payloads.Id = ""
    transaction_id: payloads.Id = ""


class _CampaignDetails(_Said):
    source: payloads.CampaignValue = ""
    medium: payloads.CampaignValue = ""
    campaign: payloads.CampaignValue = ""
    term: payloads.CampaignValue = ""
    content: payloads.CampaignValue = ""


def of_measurement(said: Mapping[str, Any], request: MeasurementRequest) -> normalise.Statement:
    """One event of a request. Raises InvalidError."""
    event = payloads.read_payload(MeasurementEvent, said)
    params = payloads.read_payload(_Params, event.params)
    micros = request.timestamp_micros if event.timestamp_micros is None else event.timestamp_micros
    client_id = known_id(request.client_id)
    order_id = params.transaction_id if event.name == "purchase" else ""
    return normalise.Statement(
        kind="PAGE" if event.name in (normalise.PAGE_VIEW, SCREEN_VIEW) else "TRACK",
        name=(params.screen_name or SCREEN_VIEW) if event.name == SCREEN_VIEW else event.name,
        event_id=f"purchase.{order_id}" if order_id else "",
        # Named once: of two devices that a client id is linked with, only the first would count.
        anonymous_id="" if client_id else request.app_instance_id,
        user_id=request.user_id,
        session_hint=params.session_id,
        timestamp_ms=None if micros is None else micros // _MICROS_IN_MS,
        sent_ms=None,
        url=params.page_location,
        referrer=params.page_referrer,
        title=params.page_title,
        campaign=_campaign(event),
        user_agent=request.user_agent,
        place=_place(request),
        properties=event.params,
        digest=_digest(said, event, request, order_id),
        identifiers=(("ga_cid", client_id),) if client_id else (),
    )


def _place(request: MeasurementRequest) -> Place:
    """Where the sender says the visitor was, else what we find of the address it states."""
    said = request.user_location
    if _COUNTRY.fullmatch(said.country_id):
        return Place(said.country_id.upper(), said.city)
    return place_of(request.ip_override)


def _campaign(event: MeasurementEvent) -> Campaign | None:
    """Google has an event of its own for how somebody came; the addresses of other events carry utm_*."""
    if event.name != "campaign_details":
        return None
    found = payloads.read_payload(_CampaignDetails, event.params).model_dump()
    return Campaign(name=found.pop("campaign"), **found) if any(found.values()) else None


def _digest(said: Mapping[str, Any], event: MeasurementEvent, request: MeasurementRequest, order_id: str) -> str:
    """Shops report an order more than once, at other times and from other pages: it is one purchase as long as the
    same buyer pays the same."""
    paid = [order_id, event.params.get("value"), event.params.get("currency")]
    return normalise.digest_of({"who": [request.device, request.user_id], "what": paid if order_id else said})
