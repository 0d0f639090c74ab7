"""Posts what the clock brings about: holds that time out, months that begin, lots that expire."""

import logging
from collections.abc import Callable

from optiq.billing.contracts import Swept
from optiq.billing.credits import records
from optiq.billing.credits.posting import post_state
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import OptiqError

_LOG = logging.getLogger(__name__)
_MOST = 1_000


def sweep(*, clock: Clock = system_clock, stop: Callable[[], bool]) -> Swept:
    """Posts what is due of up to 1,000 ledgers, the longest due first. One that fails keeps no other waiting.

    Args:
        stop: tells that nothing may be begun any more.
    """
    now_ms, done, left = clock(), 0, 0
    for organization_id in records.due_by(now_ms, _MOST):
        if stop():
            left += 1
            continue
        try:
            post_state(organization_id, lambda: None, now_ms)
        except OptiqError:
            _LOG.exception("the credits of %s wait", organization_id)
            left += 1
        else:
            done += 1
    return Swept(done, left)
