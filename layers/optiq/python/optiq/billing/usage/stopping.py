"""Has the edge refuse what an organization sends: far beyond its limit, beyond a cap that stops, or suspended.

The list is an item; the edge reads a copy of it in one object (`edge/limits.json`), and no table. Whoever changes the
item writes the object until it holds what the item does, so that the last writer of two writes the newer one.
"""

import json
from dataclasses import replace

from optiq.billing import keys
from optiq.billing.gateways.account import stripe_account
from optiq.billing.subscribing.seeing import terms_of
from optiq.billing.usage.contracts import State
from optiq.billing.usage.month import seen_of, state_of
from optiq.billing.usage.records import STOPS, Stops
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.records import entity_in, values_of
from optiq.kernel.table import Put, put_one, table_outages
from optiq.ports import wiring

_TRIES = 8


def settle(organization_id: str, state: State, end_ms: int, now_ms: int) -> None:
    """Has the edge refuse an organization that is stopped, until its month ends. Others are let in by `let_in_again`.

    Raises:
        UpstreamError: the table or the edge's object cannot be written.
    """
    if state == "STOPPED":
        _change(now_ms, {organization_id: end_ms})


def let_in_again(clock: Clock = system_clock) -> int:
    """Has the edge take what organizations send that are not stopped any more; returns how many. Raises UpstreamError.

    The object is written anew: whoever named an organization in the item may have been killed before.
    """
    now_ms = clock()
    refused = {name: end_ms for name, end_ms in _read().until.items() if end_ms > now_ms}
    if not refused or stripe_account() is None:
        return 0
    again = {name for name in refused if state_of(seen_of(name, terms_of(name, clock), now_ms)) != "STOPPED"}
    _change(now_ms, dict.fromkeys(again, 0))
    _publish()
    return len(again)


def _change(now_ms: int, until: dict[str, int]) -> None:
    for _ in range(_TRIES):
        before = _read()
        merged = {name: end_ms for name, end_ms in {**before.until, **until}.items() if end_ms > now_ms}
        if merged == before.until:
            return
        after = replace(before, until=merged, version=before.version + 1)
        unchanged = STOPS.version == before.version if before.version else STOPS.pk.does_not_exist()
        with table_outages():
            if put_one(Put(STOPS(*keys.STOPS, **values_of(after)), unchanged)):
                _publish()
                return
    raise UpstreamError("the edge's limits change all the time", retryable=True)


def _publish() -> None:
    for _ in range(_TRIES):
        found = _read()
        wiring.edge_limits().write(json.dumps({"stop": found.until}).encode())
        if _read().version == found.version:
            return
    raise UpstreamError("the edge's limits change all the time", retryable=True)


def _read() -> Stops:
    with table_outages():
        try:
            return entity_in(Stops, STOPS.get(*keys.STOPS, consistent_read=True))
        except STOPS.DoesNotExist:
            return Stops()
