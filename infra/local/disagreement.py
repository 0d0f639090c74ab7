"""Where models disagree most, in sentences: the channel that closes sales, and the one that opens them."""

from collections.abc import Sequence

from optiq_cli.client import Document
from optiq_cli.output import money

_ENDS = ("LAST_TOUCH", "FIRST_TOUCH")
_WHOLE = ("POSITION_BASED", "MARKOV", "SHAPLEY")
"""Models that look at the whole journey."""


def disagreement(found: Document) -> str:
    """On the two rows that first and last touch differ about most, each way; "" where they differ about none.

    The comparison (`GET …/attribution/compare`) must have both models.
    """
    rows: list[Document] = found["rows"]

    def micros(row: Document, model: str) -> int:
        return int(row["now"][model]["revenue_micros"])

    def shown(row: Document, models: Sequence[str]) -> list[str]:
        return [money(micros(row, model)) for model in models]

    def closing(row: Document) -> int:
        last, first = (micros(row, model) for model in _ENDS)
        return last - first

    closer, opener = max(rows, key=closing, default=None), min(rows, key=closing, default=None)
    if closer is None or opener is None or not closing(closer) > 0 > closing(opener):
        return ""
    computed = {report["model"] for report in found["now"] if not report["not_computed"]}
    whole = [model for model in _WHOLE if model in computed]
    both = zip(whole, shown(closer, whole), shown(opener, whole), strict=True)
    others = [f"{model.replace('_', ' ').lower()} {closed} and {opened}" for model, closed, opened in both]
    closes, opens = closer[found["by"]], opener[found["by"]]
    return (
        f"{closes} closes sales that others open: {' by last touch, '.join(shown(closer, _ENDS))} by first touch.\n"
        f"{opens} opens sales that others close: {' by last touch, '.join(shown(opener, _ENDS))} by first touch."
    ) + (f"\nModels of the whole journey give {closes} and {opens}: {', '.join(others)}." if others else "")
