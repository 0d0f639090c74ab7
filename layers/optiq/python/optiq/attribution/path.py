"""Which touches of a customer count for a conversion.

A touch counts when the time from it to the conversion is in [0, window]. A later touch never changes an earlier
conversion. Pure.
"""

from collections.abc import Sequence

from optiq.attribution.contracts import LeftOut, LeftOutTouch, Path
from optiq.journeys.contracts import Conversion, ConversionPath, Touch
from optiq.kernel.clock import DAY_MS

ACQUISITION_GOALS = frozenset({"Signed Up", "sign_up", "Lead", "generate_lead"})
ACQUISITION_WINDOW_DAYS = 30
WINDOW_DAYS = 90
"""GA4's lookback windows: 30 days for acquisition, 90 for every other conversion."""

MAX_TOUCHES = 1_000
"""The touches nearest the conversion that make a path; nobody who buys has more, and a table item holds no more."""

MAX_CHARACTERS = 250_000
"""What the touches of a path may say together: a table item holds 400 KB."""


def window_days(conversion_name: str, site_lookback_days: int | None) -> int:
    """The lookback window of a conversion: the site's own, or the default of its kind."""
    if site_lookback_days is not None:
        return site_lookback_days
    return ACQUISITION_WINDOW_DAYS if conversion_name in ACQUISITION_GOALS else WINDOW_DAYS


def longest_window_days(site_lookback_days: int | None) -> int:
    """The longest window any conversion of a site may have."""
    return WINDOW_DAYS if site_lookback_days is None else site_lookback_days


def path_of(history: ConversionPath, site_lookback_days: int | None) -> Path:
    """The path of a conversion, given all touches of its customer in any order."""
    conversion = history.conversion
    window = window_days(conversion.name, site_lookback_days)
    counted = [touch for touch in history.touches if _left_out(touch, conversion, window) is None]
    counted.sort(key=_oldest_first)
    return Path(conversion=conversion, window_days=window, touches=tuple(_nearest(counted)))


def _nearest(touches: list[Touch]) -> list[Touch]:
    """The latest touches that fit within both limits, oldest first."""
    nearest = touches[-MAX_TOUCHES:]
    characters = 0
    for kept, touch in enumerate(reversed(nearest)):
        characters += sum(len(text) for text in (touch.source, touch.medium, touch.campaign, touch.term, touch.content))
        characters += len(touch.landing_page) + sum(len(name) + len(value) for name, value in touch.click_ids)
        if characters > MAX_CHARACTERS:
            return nearest[len(nearest) - kept :]
    return nearest


def left_out(path: Path, touches: Sequence[Touch]) -> tuple[LeftOutTouch, ...]:
    """Those of a customer's touches that are not on the path, oldest first, each with why."""
    on_path = {touch.touch_id for touch in path.touches}
    others = sorted((touch for touch in touches if touch.touch_id not in on_path), key=_oldest_first)
    return tuple(
        LeftOutTouch(touch, _left_out(touch, path.conversion, path.window_days) or LeftOut.OVER_LIMIT)
        for touch in others
    )


def _left_out(touch: Touch, conversion: Conversion, window: int) -> LeftOut | None:
    if touch.occurred_ms > conversion.occurred_ms:
        return LeftOut.AFTER_CONVERSION
    if conversion.occurred_ms - touch.occurred_ms > window * DAY_MS:
        return LeftOut.OUTSIDE_WINDOW
    return None


def _oldest_first(touch: Touch) -> tuple[int, str]:
    # The id settles ties, so that every way of reading the touches gives the same path.
    return touch.occurred_ms, touch.touch_id
