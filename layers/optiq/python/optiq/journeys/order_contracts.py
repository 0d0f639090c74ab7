"""What journeys tells other contexts about orders: the events that report and correct them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Refusal = Literal["", "CURRENCY", "UNVERIFIED", "NO_PRICE", "NO_VALUE", "REPEATED", "NOTHING_LEFT", "EARLIER"]
"""Why a correction changes nothing, or "" where it counts."""
REFUSALS: Mapping[str, str] = {
    "CURRENCY": "It is in another currency than the order.",
    "UNVERIFIED": "A page sent it: a page can't change what a server or another visitor reported.",
    "NO_PRICE": "It names products, and neither it nor the order has their price.",
    "NO_VALUE": "It names no value that can be read, or a refund of 0. Send the amount as total.",
    "REPEATED": "Another event reports the same refund, which counts once.",
    "NOTHING_LEFT": "Earlier corrections left nothing of the order, or of the lines that it names.",
    "EARLIER": "It is dated before the order's first report, which says the value since then.",
}
"""What each refusal means."""

OrderLimit = Literal["MANY_REPORTS", "MANY_REPORTERS", "CROWDED_DAY"]
ORDER_LIMITS: Mapping[str, str] = {
    "MANY_REPORTS": "More events name this order number than Optiq keeps. The earliest have a place.",
    "MANY_REPORTERS": "So many visitors or users report this order number that it is no order's own. What each person "
    "reports is judged by itself: an equal value joins nobody, and corrections by others change nothing.",
    "CROWDED_DAY": "On some UTC days before it, its customer has more events than a person makes. These days have no "
    "visits, so the path may lack some.",
}
"""What each limit of an order, or of its path, means."""


@dataclass(frozen=True, slots=True)
class OrderReport:
    """An event that reports a conversion, or corrects it.

    `refusal` says why a correction changes nothing, or is "".
    """

    event_id: str
    name: str
    occurred_ms: int
    value_micros: int | None
    currency: str
    from_server: bool
    refusal: Refusal

    @property
    def because(self) -> str:
        """The refusal as a sentence; "" for none."""
        return REFUSALS[self.refusal] if self.refusal else ""


@dataclass(frozen=True, slots=True)
class WaitingCorrection(OrderReport):
    """A refund or change of an order that nothing has reported yet."""

    order_id: str
