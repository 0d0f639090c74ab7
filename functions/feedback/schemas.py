"""Destinations as requests and answers have them."""

from typing import Annotated, Any

from optiq.feedback.destinations.contracts import Scope, ShownDestination, ToldEvent, VendorIds
from optiq.kernel.schemas import In, Out, PageOut, shows
from pydantic import Field, StrictBool, StrictInt

_Id = Annotated[str, Field(max_length=64)]


class ToldEventIn(In):
    """`name` of a conversion event of the site. `told_as`: Meta's or TikTok's name of it, such as Purchase; at Google
    the number of the conversion action.
    """

    name: Annotated[str, Field(max_length=200, examples=["Order Completed"])]
    told_as: Annotated[str, Field(max_length=50, examples=["Purchase"])]


class _Settings(In):
    login_id: _Id = Field("", description="at Google, the manager that signed in; empty for the customer itself")
    scope: Scope = Field("ALL", description="CLICKS: only conversions after a click on an ad of the platform")
    value_percent: StrictInt = Field(100, description="the share of the value that is told, such as the margin")
    vendor_ids: VendorIds = Field("EVENT_ID", description="what the site's own pixel sends as the id of the event")
    limited_use: StrictBool = Field(False, description="ask Meta and TikTok for limited use of the data")
    test_code: Annotated[str, Field(max_length=64)] = Field("", description="of the platform's test tool")


class FeedbackDestinationIn(_Settings):
    """Where to tell conversions. `target`: the dataset or pixel; at Google the customer with the conversion actions."""

    name: Annotated[str, Field(max_length=100, examples=["Meta pixel"])]
    platform: Annotated[str, Field(max_length=40, examples=["META"])]
    connection_id: _Id
    target: Annotated[str, Field(max_length=64, examples=["900100200300"])]
    events: list[ToldEventIn]
    enabled: StrictBool = True


class FeedbackDestinationPatch(_Settings):
    """What to change; what is absent stays. With `version`, only while the destination is of that version."""

    name: Annotated[str, Field(max_length=100)] = ""
    connection_id: _Id = ""
    target: _Id = ""
    events: list[ToldEventIn] = Field([])
    enabled: StrictBool = True
    version: StrictInt | None = None


def given(request: FeedbackDestinationIn | FeedbackDestinationPatch, *but: str) -> dict[str, Any]:
    """The fields that the request has, as the contract has them."""
    found = request.given(*but)
    if "events" in found:
        found["events"] = tuple(ToldEvent(one.name, one.told_as) for one in request.events)
    return found


@shows(ToldEvent)
class ToldEventOut(Out):
    """One event that is told."""


@shows(ShownDestination, but=("archived",))
class FeedbackDestinationOut(Out):
    """Nothing is told of conversions from before `since`. `silent_because` says why nothing is told now; it is empty
    while conversions are told.
    """

    platform: str
    events: list[ToldEventOut]


class FeedbackDestinationsOut(PageOut[FeedbackDestinationOut]):
    """Oldest first."""
