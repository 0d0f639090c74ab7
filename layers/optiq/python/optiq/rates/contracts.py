"""What rates tell the command line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportedRates:
    """What a file held: so many rates on so many days, from the first to the last."""

    first_day: str
    last_day: str
    days: int
    rates: int
