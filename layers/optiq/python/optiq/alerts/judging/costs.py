"""SPEND_THRESHOLD, CPA_SPIKE and ROAS_DROP: what is paid, and what comes of it."""

from collections.abc import Sequence

from optiq.alerts.judging.contracts import DayValues, Judgement, Side, unjudged
from optiq.alerts.judging.sums import included, total

CPA_DAYS, ROAS_DAYS = 3, 7
_ENOUGH_CONVERSIONS = 10
_DEAR = 3
"""Without any conversion: so many times the usual cost of one has to be spent."""


def spend_threshold(spend: float | None, threshold: float, levels: Sequence[int] = (100,)) -> Judgement:
    """Judges the spend of a period so far: it only grows.

    Args:
        levels: percents of the threshold that are told apart. A breach has the highest that is passed.
    """
    if spend is None:
        return unjudged("NO_DATA", "The spend is not known.")
    passed = [level for level in levels if spend > threshold * level / 100]
    return Judgement("BREACH" if passed else "FINE", spend, 0.0, threshold, "HIGH", level=max(passed, default=0))


def cpa_spike(days: Sequence[DayValues], percent: int, comparison_days: int, judged_days: int = CPA_DAYS) -> Judgement:
    """Judges what a conversion costs in the last days against the days before them. Sums are divided, never means."""
    judged, before = _parts(days, judged_days, comparison_days)
    spend, conversions = total(judged, "spend"), total(judged, "conversions")
    usual_spend, usual_conversions = total(before, "spend"), total(before, "conversions")
    if spend is None or conversions is None or usual_spend is None or usual_conversions is None:
        return unjudged("NO_DATA", "Spend or conversions of a day are not known.")
    if len(before) < comparison_days or usual_conversions < _ENOUGH_CONVERSIONS:
        return _too_little(f"{_ENOUGH_CONVERSIONS} conversions are needed in the {comparison_days} days before.")
    usual = usual_spend / usual_conversions
    bound = usual * (1 + percent / 100)
    if conversions == 0:
        # What the first conversion costs at least.
        breach = usual > 0 and spend >= _DEAR * usual
        return Judgement("BREACH" if breach else "FINE", spend, usual, _DEAR * usual, "HIGH")
    return _judged(spend / conversions, usual, bound, "HIGH")


def roas_drop(days: Sequence[DayValues], percent: int, comparison_days: int, judged_days: int = ROAS_DAYS) -> Judgement:
    """Judges what a unit of spend brings in the last days against the days before them."""
    judged, before = _parts(days, judged_days, comparison_days)
    spend, revenue = total(judged, "spend"), total(judged, "revenue")
    usual_spend, usual_revenue = total(before, "spend"), total(before, "revenue")
    if spend is None or revenue is None or usual_spend is None or usual_revenue is None:
        return unjudged("NO_DATA", "Spend or revenue of a day is not known.")
    if len(before) < comparison_days or not usual_spend:
        return _too_little(f"Spend is needed in the {comparison_days} days before.")
    if not spend or spend < usual_spend / len(before) * judged_days / 2:
        return _too_little("Less than half of the usual was spent.")
    usual = usual_revenue / usual_spend
    return _judged(revenue / spend, usual, usual * (1 - percent / 100), "LOW")


def _judged(value: float, usual: float, bound: float, side: Side) -> Judgement:
    breach = value > bound if side == "HIGH" else value < bound
    return Judgement("BREACH" if breach else "FINE", value, usual, bound, side)


def _too_little(why: str) -> Judgement:
    return unjudged("TOO_LITTLE", why)


def _parts(
    days: Sequence[DayValues], judged_days: int, comparison_days: int
) -> tuple[Sequence[DayValues], Sequence[DayValues]]:
    """The days that are judged, and those that they are compared with."""
    used = included(days)
    return used[-judged_days:], used[-judged_days - comparison_days : -judged_days]
