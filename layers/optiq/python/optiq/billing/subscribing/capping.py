"""The most that an organization pays for events beyond its plan's limit in a month."""

from dataclasses import replace

from optiq.billing.accounts.contracts import BillingAccount
from optiq.billing.accounts.stored import account_of, change_account
from optiq.billing.gateways.account import stripe_account
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError, NotFoundError

_CENT_MICROS = 10_000
_MOST_MICROS = 1_000_000_000_000


def set_cap(caller: Caller, *, cap_micros: int | None, stops: bool, clock: Clock = system_clock) -> BillingAccount:
    """Sets the spend cap; None is no cap. It holds for the month that runs, too.

    Args:
        stops: events beyond the cap are refused, in place of held.

    Raises:
        NotFoundError: nobody pays here. InvalidError: the cap cannot be.
    """
    if stripe_account() is None:
        raise NotFoundError("nothing is paid for here, and nothing is limited")
    if cap_micros is not None and (cap_micros % _CENT_MICROS or not 0 <= cap_micros <= _MOST_MICROS):
        raise InvalidError('cap: must be from 0 to 1000000, in whole cents, such as "50.00"')
    before = account_of(caller.organization_id, clock())
    after = replace(before, spend_cap_micros=cap_micros, stop_at_cap=stops and cap_micros is not None)
    return before if after == before else change_account(caller, before, after, clock)
