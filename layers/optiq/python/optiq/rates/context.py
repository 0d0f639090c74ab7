"""Rates: what currencies were worth."""

from optiq.kernel.manifest import Context
from optiq.rates.lake import RATES

CONTEXT = Context(
    name="rates",
    what="what currencies were worth",
    lake=(RATES,),
)
