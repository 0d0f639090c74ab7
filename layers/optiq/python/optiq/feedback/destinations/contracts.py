"""Destinations: which conversions of a site an advertising platform is told, and how it knows them."""

from dataclasses import dataclass
from typing import Literal, TypedDict

Platform = Literal["GOOGLE_ADS", "META", "TIKTOK"]
Scope = Literal["CLICKS", "ALL"]
VendorIds = Literal["EVENT_ID", "ORDER_ID"]


TITLES = {"GOOGLE_ADS": "Google Ads", "META": "Meta", "TIKTOK": "TikTok"}


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """A conversion event of the site, and what the platform calls it.

    Attributes:
        name: of the site's event, such as Order Completed.
        told_as: Meta's or TikTok's name of the event, such as Purchase; at Google the id of the conversion action.
    """

    name: str
    told_as: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where conversions of a site are told. Nothing is told of conversions from before it was turned on.

    Attributes:
        connection_id: by which the platform is asked; its tokens stay with the connection.
        target: Meta's dataset (pixel), TikTok's pixel, or at Google the customer that has the conversion actions.
        login_id: at Google the manager that the login is of; "" where the login is the customer's own.
        events: what is told; other conversions are not.
        scope: CLICKS: only conversions after a click on an ad of the platform. ALL: all that can be matched.
        value_percent: the share of a value that is told, such as the margin.
        vendor_ids: what tells a conversion from others at the platform. It must be what the site's own pixel sends.
        limited_use: the platform is told to use the data only as some states of the USA permit.
        test_code: of the platform's test tool; only test events are sent with it.
        enabled: entries are created and sent. since_ms: since when.
    """

    organization_id: str
    site_id: str
    destination_id: str
    name: str
    platform: Platform
    connection_id: str
    target: str
    events: tuple[ToldEvent, ...]
    created_ms: int
    since_ms: int
    login_id: str = ""
    scope: Scope = "ALL"
    value_percent: int = 100
    vendor_ids: VendorIds = "EVENT_ID"
    limited_use: bool = False
    test_code: str = ""
    enabled: bool = True
    archived: bool = False
    version: int = 0

    def told_as(self, name: str) -> str:
        """What the platform calls an event; "" for one that it is not told."""
        return next((one.told_as for one in self.events if one.name == name), "")


@dataclass(frozen=True, slots=True)
class ShownDestination(Destination):
    """A destination as people see it.

    Attributes:
        silent_because: why nothing is told there now, and what to do about it; "" while conversions are told.
    """

    silent_because: str = ""


class DestinationChange(TypedDict, total=False):
    """What people may change of a destination."""

    name: str
    target: str
    login_id: str
    connection_id: str
    events: tuple[ToldEvent, ...]
    scope: Scope
    value_percent: int
    vendor_ids: VendorIds
    limited_use: bool
    test_code: str
    enabled: bool
