"""Why an event, or a visit made of events, counts in no report: the reasons, and a sentence for each."""

from collections.abc import Mapping
from typing import Literal

EventLeftOut = Literal["BOT", "OPTED_OUT", "EXCLUDED", "UNVERIFIED", "OVER_LIMIT", "MANY_REPORTS"]
"""Why an event counts in no report."""
REASONS: Mapping[str, str] = {
    "BOT": "A bot sent it: its user agent is a crawler's or a monitor's.",
    "OPTED_OUT": "The browser asks not to be tracked (Do Not Track or Global Privacy Control), and the site complies.",
    "EXCLUDED": "The settings of the site exclude it.",
    "UNVERIFIED": "Only a page reports its order, and the site counts such an order once a server reports it too.",
    "OVER_LIMIT": "Its customer has more events than the limit: a robot, a monitor or a test id that many share.",
    "MANY_REPORTS": "More events name its order number than Optiq keeps: it changes no order.",
}
"""Of events, as the lake's `events` name them."""

_OF_VISITS: Mapping[str, str] = {
    "EXCLUDED_REFERRER": "The visitor came back from a payment or sign-in page.",
}


def because(reason: str) -> str:
    """A sentence that explains a reason; one without a sentence of its own is still shown. "" for no reason."""
    if not reason:
        return ""
    known = REASONS.get(reason) or _OF_VISITS.get(reason)
    return known or f"Reports leave it out: {reason.replace('_', ' ').lower()}."
