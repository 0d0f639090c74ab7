"""An organization's credits."""

from optiq.billing import keys
from optiq.billing.contracts import Balance
from optiq.billing.credits.records import HeadRecord
from optiq.kernel.caller import Caller


def balance_of(caller: Caller) -> Balance:
    """Nothing available, nothing held before the first entry."""
    try:
        head = HeadRecord.get(*keys.head(caller.organization_id), consistent_read=True)
    except HeadRecord.DoesNotExist:
        return Balance(caller.organization_id, 0, 0)
    return Balance(caller.organization_id, int(head.available), int(head.held))
