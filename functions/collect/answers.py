"""Answers to senders: the events that were not accepted, and the headers for pages."""

from optiq.collect.contracts import Reception
from optiq.kernel.errors import InvalidError
from optiq.kernel.http import Response

_LONGEST_DETAIL = 1_000
_ANY_ORIGIN = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "retry-after, ratelimit, ratelimit-policy",
}


def require_some(reception: Reception) -> None:
    """Raises InvalidError, with the reasons, when not one event was accepted: the sender need not try again."""
    if not reception.accepted:
        raise InvalidError("; ".join(rejection.reason for rejection in reception.rejected)[:_LONGEST_DETAIL])


def readable_anywhere(answer: Response) -> Response:
    """The same answer, for pages of every origin: what a request may do stands in its key, never in a cookie."""
    answer["headers"] |= _ANY_ORIGIN
    return answer
