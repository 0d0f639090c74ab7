"""Exchange rates for the sample, in the form of the ECB's daily reference rates. Made up, and said to be."""

import random
from datetime import date, timedelta


def reference_rates(seed: int, last: date, days: int) -> str:
    """A CSV like the ECB's eurofxref-hist.csv: a line for each working day, the latest first."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    dollars, pounds = 1.0845, 0.8412
    lines = ["Date,USD,GBP,"]
    for back in range(days):
        day = last - timedelta(days=back)
        dollars *= chance.uniform(0.996, 1.004)
        pounds *= chance.uniform(0.997, 1.003)
        if day.weekday() < 5:
            lines.append(f"{day.isoformat()},{dollars:.4f},{pounds:.5f},")
    return "\n".join(lines) + "\n"
