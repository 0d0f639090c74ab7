"""Rates: what currencies were worth."""

from optiq.kernel.context import Context
from optiq.rates.lake import RATES

CONTEXT = Context(
    name="rates",
    what="what currencies were worth",
    lake=(RATES,),
)
