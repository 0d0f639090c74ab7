"""Credits as the API writes them."""

from optiq.billing.contracts import Balance
from optiq.kernel.schemas import Out, shows


@shows(Balance)
class BalanceOut(Out):
    """Whole credits. `available` is less than 0 while credits are owed; `held` is beside it."""
