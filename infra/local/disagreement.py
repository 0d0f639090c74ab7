"""Where models disagree most, in sentences: the channel that closes sales, and the one that opens them."""

from collections.abc import Sequence

from optiq.attribution.contracts import Model
from optiq.reports.contracts import ComparedRow, Comparison

from infra.local.printing import money

_ENDS = (Model.LAST_TOUCH, Model.FIRST_TOUCH)
_WHOLE = (Model.POSITION_BASED, Model.MARKOV, Model.SHAPLEY)
"""Models that look at the whole journey."""


def disagreement(found: Comparison) -> str:
    """On the two rows that first and last touch differ about most, each way; "" where they differ about none.

    The comparison must have both models.
    """
    place = {Model(report.model): number for number, report in enumerate(found.now)}

    def shown(row: ComparedRow, models: Sequence[Model]) -> list[str]:
        return [money(row.now[place[model]].revenue_micros) for model in models]

    def closing(row: ComparedRow) -> int:
        last, first = (row.now[place[model]].revenue_micros for model in _ENDS)
        return last - first

    closer, opener = max(found.rows, key=closing, default=None), min(found.rows, key=closing, default=None)
    if closer is None or opener is None or not closing(closer) > 0 > closing(opener):
        return ""
    whole = [model for model in _WHOLE if model in place and not found.now[place[model]].not_computed]
    both = zip(whole, shown(closer, whole), shown(opener, whole), strict=True)
    others = [f"{model.replace('_', ' ').lower()} {closed} and {opened}" for model, closed, opened in both]
    return (
        f"{closer.key} closes sales that others open: {' by last touch, '.join(shown(closer, _ENDS))} by first touch.\n"
        f"{opener.key} opens sales that others close: {' by last touch, '.join(shown(opener, _ENDS))} by first touch."
    ) + (f"\nModels of the whole journey give {closer.key} and {opener.key}: {', '.join(others)}." if others else "")
