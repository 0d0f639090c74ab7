"""How often something may be tried: sliding windows counted in the table.

A try is reserved before it is judged, so that tries at the same moment cannot slip through together, and given back
when it turns out good. What is refused is not counted: who guesses without end does not lengthen the wait of others.
"""

import math
from dataclasses import dataclass

from optiq.identity import keys
from optiq.identity.people.records import AttemptsRecord
from optiq.kernel.clock import DAY_MS, SECOND_MS
from optiq.kernel.errors import LimitExceededError
from optiq.kernel.keys import Key
from optiq.kernel.quotas import Quota, note
from optiq.kernel.table import Update, update_if


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `attempts` in any `window_seconds`, by the estimate of a sliding window counter.

    Attributes:
        shown: answers tell what is left of it. Not so where somebody guesses: it would tell what others tried.
    """

    name: str
    attempts: int
    window_seconds: int = 3_600
    message: str = "too many tries; wait, or sign in by a link sent by mail"
    shown: bool = False


_TOO_MANY_MAILS = "too many mails; wait"
ADDRESS = Limit("sign-in", 10)
"""Wrong passwords for one address from devices it was not signed in on before, and on each it was."""
NETWORK = Limit("network", 100)
"""Wrong passwords and codes from one network, on devices not known to the address."""
SECOND_FACTOR = Limit("second-factor", 10)
"""Wrong codes of one person, counted for new and known devices as with ADDRESS. Three of a million codes are right at
a time, so guessing for a year would succeed one time in four if whoever guesses has the password already."""
MAILS = Limit("mails", 5, message=_TOO_MANY_MAILS)
"""Mails of one kind to one address, asked for from devices it was not signed in on before, and from each it was."""
MAILS_FROM_NETWORK = Limit("mails-from-network", 50, message=_TOO_MANY_MAILS)
INVITATIONS = Limit("invitations", 200, message=_TOO_MANY_MAILS, shown=True)
"""Mails that ask people into one organization, and addresses that it has alerts sent to: nobody there asked for it."""
INVITATIONS_BY_PERSON = Limit(
    "invitations-by-person",
    300,
    DAY_MS // SECOND_MS,
    "you had mail sent to 300 addresses today; go on tomorrow",
    shown=True,
)
"""The same of one person, in all organizations: whoever signs up may make several."""
ORGANIZATIONS = Limit(
    "organizations", 20, DAY_MS // SECOND_MS, "organizations: you created 20 today; create more tomorrow", shown=True
)
"""Organizations that one person makes."""
PROVIDER_STARTS = Limit("provider-starts", 300)
"""Sign-ins by way of a provider that one network begins: each is kept for a day. Whose they will be is not known yet,
so they are not separated by device, and an office behind one address must have enough."""
OPERATOR_REQUESTS = Limit("operator", 1_000, 600, "the operator's key: too many requests; wait")
"""Requests to the operator's routes, of everybody who has such a key together."""
PROVING = Limit("proving", 10)
"""Wrong passwords within a session, and with the link of one sign-up."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """A try that was counted."""

    key: Key

    def give_back(self) -> None:
        update_if(Update(AttemptsRecord(*self.key), [AttemptsRecord.tries.add(-1)], AttemptsRecord.tries > 0))


def reserve(limit: Limit, whom: str, now_ms: int) -> Reservation:
    """Counts a try. Raises LimitExceededError when there were too many; then it is not counted."""
    window, past_ms = divmod(now_ms, limit.window_seconds * SECOND_MS)
    past = past_ms / (limit.window_seconds * SECOND_MS)
    key = keys.attempts(limit.name, whom, window)
    record = AttemptsRecord(*key)
    free = AttemptsRecord.tries.does_not_exist() | (AttemptsRecord.tries < limit.attempts)
    forget_at = (window + 2) * limit.window_seconds
    counting = [AttemptsRecord.tries.add(1), AttemptsRecord.forget_at.set(forget_at)]
    if not update_if(Update(record, counting, free)):
        raise _exceeded(limit, past)
    used = record.tries + (1 - past) * _before(limit, whom, window)
    if used > limit.attempts:
        Reservation(key).give_back()
        raise _exceeded(limit, past)
    if limit.shown:
        note(_quota(limit, limit.attempts - math.ceil(used), past))
    return Reservation(key)


def reserve_invitation(organization_id: str, actor: str, address_hash: str, now_ms: int) -> None:
    """Counts a mail by which the actor asks somebody in. Raises LimitExceededError."""
    reserve_outsider(organization_id, actor, now_ms)
    reserve(MAILS, f"INVITATION.{address_hash}", now_ms)


def reserve_outsider(organization_id: str, actor: str, now_ms: int) -> None:
    """Counts an address by which the actor has the organization's mail sent to somebody who did not ask for it.

    Raises LimitExceededError.
    """
    reserve(INVITATIONS_BY_PERSON, actor, now_ms)
    reserve(INVITATIONS, organization_id, now_ms)


def reserve_organization(user_id: str, now_ms: int) -> None:
    """Counts an organization that somebody makes. Raises LimitExceededError."""
    reserve(ORGANIZATIONS, user_id, now_ms)


def reserve_operator(now_ms: int) -> None:
    """Counts a request with the operator's key. Raises LimitExceededError."""
    reserve(OPERATOR_REQUESTS, "all", now_ms)


def _before(limit: Limit, whom: str, window: int) -> int:
    try:
        return int(AttemptsRecord.get(*keys.attempts(limit.name, whom, window - 1)).tries)
    except AttemptsRecord.DoesNotExist:
        return 0


def _exceeded(limit: Limit, past: float) -> LimitExceededError:
    quotas = (_quota(limit, 0, past),) if limit.shown else ()
    return LimitExceededError(limit.message, retry_after_seconds=_wait(limit, past), quotas=quotas)


def _quota(limit: Limit, left: int, past: float) -> Quota:
    return Quota(limit.name, limit.attempts, limit.window_seconds, left, _wait(limit, past))


def _wait(limit: Limit, past: float) -> int:
    return max(1, int((1 - past) * limit.window_seconds))
