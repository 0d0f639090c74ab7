"""What a sender is told of the events that were not accepted."""

from optiq.collect.contracts import Reception
from optiq.kernel.errors import InvalidError

_LONGEST_DETAIL = 1_000


def require_some(reception: Reception) -> None:
    """Raises InvalidError, with the reasons, when not one event was accepted: the sender need not try again."""
    if not reception.accepted:
        raise InvalidError("; ".join(rejection.reason for rejection in reception.rejected)[:_LONGEST_DETAIL])
