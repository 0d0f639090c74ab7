"""The parts that a day is rolled up in, and what their numbers are."""

from collections.abc import Sequence

from optiq.attribution.contracts import Model
from optiq.reports.questions.catalogue import Source

VISITS, ADS = "VISITS", "ADS"
MODELS = tuple(model.value for model in Model)

NUMBERS: dict[Source, tuple[str, ...]] = {
    "visits": ("visits",),
    "ads": ("spend",),
    "ledger": ("conversions", "revenue"),
}
"""The metrics in each row of a part, by its source. The last number of a row is how many are in no money."""
DIMENSIONS: dict[Source, tuple[str, ...]] = {
    "visits": ("channel", "campaign", "visitor"),
    "ads": ("channel", "campaign"),
    "ledger": ("channel", "campaign", "customer"),
}
MOST_VALUES = 500
OTHER = "Other"
"""The values of a dimension beyond MOST_VALUES a day, those with the smallest numbers."""
MOST_READ = 2_000
"""Campaigns of a site's day that are read; the engine adds up the others."""


def source_of(part: str) -> Source:
    if part in (VISITS, ADS):
        return "visits" if part == VISITS else "ads"
    return "ledger"


def parts_of(model: str) -> Sequence[str]:
    """The parts that an answer by a model is made of."""
    return (VISITS, ADS, model)
