"""The rates context: exchange rates of the day, one truth for all organizations.

The operator imports them on the machine or in the account; they are of no organization, so no `Caller` is passed.
"""

from collections.abc import Iterable

from optiq.rates import service
from optiq.rates.contracts import ImportedRates


def import_rates(lines: Iterable[str]) -> ImportedRates:
    """Takes in one of the ECB's reference-rate files (an open text file will do); the same file again changes nothing.

    A later file wins over an earlier one, rate by rate.

    Raises:
        InvalidError: not such a file; the message names the line, and nothing was written.
        UpstreamError: the lake could not be written; import again.
    """
    return service.import_rates(lines)
