"""Writes rates to the lake, one partition a day, where every organization may read them."""

import time
from collections.abc import Iterable

from optiq.kernel.lake_tables import PLATFORM
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.rates.contracts import ImportedRates
from optiq.rates.domain import read_rates
from optiq.rates.lake import RATES


def import_rates(lines: Iterable[str]) -> ImportedRates:
    days = read_rates(lines)
    revision = time.time_ns()
    for rates in days:
        day = rates.day.isoformat()
        rows = [
            {"currency": currency, "day": day, "rate_micros": micros} for currency, micros in rates.rate_micros.items()
        ]
        if rows:
            versioned = arrow_table(RATES, [row | {"revision": revision} for row in rows])
            wiring.lake().append(RATES.name, PLATFORM, day, name_of("ecb", rows), versioned)
    return ImportedRates(
        first_day=min(rates.day for rates in days).isoformat(),
        last_day=max(rates.day for rates in days).isoformat(),
        days=len(days),
        rates=sum(len(rates.rate_micros) for rates in days),
    )
