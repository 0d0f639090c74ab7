"""What notices say of a month's events."""

from optiq.billing.subscribing.contracts import MonthTerms
from optiq.billing.usage.thresholds import PART_PERCENT, Kind
from optiq.kernel.clock import utc_day
from optiq.kernel.money import MICROS
from optiq.kernel.settings import settings
from optiq.notifications.contracts import Message

_TITLES: dict[Kind, str] = {
    "PART": f"{PART_PERCENT} % of the events of this month are used",
    "WHOLE": "All events of this month are used",
    "CAP_PART": f"{PART_PERCENT} % of your spend cap are used",
    "CAP": "Your spend cap is reached: events are held",
    "HELD": "Events are held",
    "SPEND_PART": f"{PART_PERCENT} % of the tracked ad spend of this month are reached",
    "SPEND": "The tracked ad spend of this month is reached",
}
_HELD = "They are in no report. They are kept for 30 days, and taken in when you choose a larger plan before."


def message(kind: Kind, plan: str, used: int, terms: MonthTerms) -> Message:
    """The notice of a threshold that is reached.

    Args:
        used: stored events, or micros of tracked spend.
    """
    if kind in ("SPEND_PART", "SPEND"):
        limit = _dollars(terms.entitlements.monthly_ad_spend_micros or 0)
        so_far = f"{_dollars(used)} of the {limit} of tracked ad spend of your plan {plan} are reached."
    else:
        so_far = f"{used:,} of the {terms.entitlements.monthly_events or 0:,} events of your plan {plan} are stored."
    ends = f"The month ends on {utc_day(terms.period.end_ms)}."
    return Message(
        _TITLES[kind],
        (f"{so_far} {ends}", _follows(kind, terms)),
        action="See your usage",
        url=f"{settings().public_url.rstrip('/')}/console/plan",
    )


def _follows(kind: Kind, terms: MonthTerms) -> str:
    grace = f"{terms.entitlements.grace_percent} % more, or for {terms.entitlements.grace_days} days"
    match kind:
        case "PART":
            return "Nothing changes for now. A larger plan has room for more."
        case "WHOLE" if terms.per_event:
            return "Your events are still stored. Those beyond the limit are paid for, up to your spend cap."
        case "WHOLE":
            return f"Your events are still stored, up to {grace}. Then they are held. A larger plan has room for them."
        case "CAP_PART":
            return f"The cap is {_cap(terms)}. Events beyond it are {_beyond(terms)}."
        case "CAP":
            return f"The cap is {_cap(terms)}. You pay no more this month. Events beyond it are {_beyond(terms)}."
        case "HELD":
            return f"New events are held. {_HELD}"
        case "SPEND_PART" | "SPEND":
            return "Costs are still read and reported. A larger plan has room for more."


def _dollars(micros: int) -> str:
    return f"${micros / MICROS:,.2f}"


def _cap(terms: MonthTerms) -> str:
    return f"{(terms.cap.micros if terms.cap else 0) / MICROS:,.2f} {terms.currency}"


def _beyond(terms: MonthTerms) -> str:
    return "refused" if terms.cap and terms.cap.stops else "held for 30 days"
