"""Numbers as mails and messages write them: in the trade's spelling, the same for every reader."""

from optiq.kernel.money import MICROS
from optiq.reports.questions.api import CATALOGUE
from optiq.reports.questions.contracts import Number

NOTHING = "–"
_KEPT = "\u00a0"
"""No line ends between a number and its unit."""
_FEW = 0.05
_PARTS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"))
# Quotients that people read as parts of a whole; the others are multiples, such as ROAS.
_PARTS_OF_A_WHOLE = ("engagement_rate", "bounce_rate", "conversion_rate", "ctr")


def of_metric(name: str, value: Number, currency: str) -> str:
    """A metric's value; NOTHING where nothing can be said."""
    kind = CATALOGUE.metrics[name].kind
    if value is None:
        return NOTHING
    if kind == "MONEY":
        return f"{value / MICROS:,.2f}{_KEPT}{currency}"
    if kind == "MILLISECONDS":
        return duration(value)
    if kind == "RATIO":
        return percent(value) if name in _PARTS_OF_A_WHOLE else f"{value:,.2f}"
    return count(value)


def count(value: float) -> str:
    """A whole number, or one digit of what touches share."""
    whole = round(value)
    return f"{whole:,}" if abs(value - whole) < _FEW else f"{value:,.1f}"


def percent(value: Number) -> str:
    return NOTHING if value is None else f"{100 * value:,.1f}{_KEPT}%"


def moved(value: Number, before: Number, change: Number) -> str:
    """How a value moved: `+20.0 %`, `new` where there was nothing before, or "" where there is nothing to say."""
    if change is not None:
        return f"{100 * change:+,.1f}{_KEPT}%"
    return "new" if value and before == 0 else ""


def duration(milliseconds: Number) -> str:
    """The two largest parts, such as `2 d 3 h`."""
    if milliseconds is None:
        return NOTHING
    left, found = round(milliseconds), []
    for size, name in _PARTS:
        whole, left = divmod(left, size)
        if whole:
            found.append(f"{whole}{_KEPT}{name}")
    return _KEPT.join(found[:2]) or f"0{_KEPT}s"
