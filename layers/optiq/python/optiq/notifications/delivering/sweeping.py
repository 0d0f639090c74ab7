"""Sends what is due: to each recipient in order, several recipients at a time, many messages to one as one."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from optiq.kernel.clock import MINUTE_MS, SECOND_MS, Clock, system_clock
from optiq.kernel.errors import OptiqError
from optiq.kernel.ids import id_from
from optiq.kernel.settings import settings
from optiq.kernel.table import TableError
from optiq.notifications.channels.records import health_of
from optiq.notifications.contracts import Delivery
from optiq.notifications.delivering import merging
from optiq.notifications.delivering.attempting import attempt, obsolete
from optiq.notifications.outbox import records

_LOG = logging.getLogger(__name__)
_AT_ONCE, _MOST, _LOOKED_AT = 8, 2_000, 100
_LONGEST_SWEEP_MS, _LONGEST_FOR_ONE_MS = MINUTE_MS, 20 * SECOND_MS
"""The next sweep is a minute later; and a receiver that takes its 15 s for each message leaves a thread to others."""
_FAILING_WAITS_MS = 5 * MINUTE_MS
"""What else is due for a receiver that has just failed: one that does not answer takes 15 s a message."""
_TOO_MANY = 429
_COUNTED = ("ALERT", "NOTICE")
"""Kinds of messages that a burst is made of: no mail of an account or a schedule."""


def send_due(stop: Callable[[], bool], clock: Clock = system_clock) -> int:
    """Tries what is due; returns how many deliveries. What fails for one recipient keeps no other waiting.

    Args:
        stop: tells that nothing may be begun any more.
    """
    begun_ms = clock()
    due = records.due_by(begun_ms, _MOST)
    send(due, clock, lambda: stop() or clock() - begun_ms >= _LONGEST_SWEEP_MS)
    return len(due)


def send_new(added: Iterable[Delivery], now_ms: int) -> None:
    """Tries deliveries that were just added. A receiver that fails is left to the sweep: it may take 15 s to answer."""
    works = [
        one for one in added if one.channel == "MAIL" or not health_of(one.organization_id, one.target).failing_since_ms
    ]
    send([one for one in works if one.next_ms <= now_ms], lambda: now_ms)


def send(due: Iterable[Delivery], clock: Clock = system_clock, stop: Callable[[], bool] = lambda: False) -> None:
    """Tries deliveries that are due."""
    by_target: defaultdict[tuple[str, str, str], list[Delivery]] = defaultdict(list)
    for one in due:
        by_target[one.organization_id, one.channel, one.target].append(one)

    def send_group(group: Sequence[Delivery]) -> None:
        if stop():
            return
        try:
            _send_to_one(sorted(group, key=lambda one: one.delivery_id), clock)
        except (OptiqError, TableError):
            _LOG.exception("deliveries of %s wait", group[0].organization_id)

    groups = list(by_target.values())
    if len(groups) == 1:
        send_group(groups[0])
        return
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="deliveries") as threads:
        list(threads.map(send_group, groups))


def _send_to_one(due: Sequence[Delivery], clock: Clock) -> None:
    """Tries the deliveries that are due to one recipient, the oldest first; what takes too long is left to the next."""
    first, now_ms = due[0], clock()
    if first.channel == "SLACK":
        held_ms = health_of(first.organization_id, first.target).held_until_ms
        if held_ms > now_ms:
            _put_off(due, held_ms)
            return
    mergeable = [one for one in due if one.merges and not one.attempts]
    others = [one for one in due if not one.merges or one.attempts]
    if mergeable:
        sent_ms = [one.sent_ms for one in records.to_target(first.target, _LOOKED_AT) if one.kind in _COUNTED]
        plan = merging.plan_of(mergeable, sent_ms, now_ms)
        for one in plan.put_off:
            records.put_off(one, plan.until_ms, merges=True)
        others += plan.singles
        if plan.merged and (whole := _merge(plan.merged, now_ms)):
            others.append(whole)
    others.sort(key=lambda one: one.delivery_id)
    for place, one in enumerate(others):
        if clock() - now_ms >= _LONGEST_FOR_ONE_MS:
            return
        tried = attempt(one.organization_id, one.delivery_id, now_ms)
        if one.channel != "MAIL" and tried and tried.status == "PENDING":
            until_ms = tried.next_ms if tried.answer == _TOO_MANY else now_ms + _FAILING_WAITS_MS
            _put_off(others[place + 1 :], until_ms)
            return


def _put_off(deliveries: Iterable[Delivery], until_ms: int) -> None:
    for one in deliveries:
        records.put_off(one, until_ms)


def _merge(deliveries: Sequence[Delivery], now_ms: int) -> Delivery | None:
    """One message in place of several. It is written before they are taken out, so that none is lost."""
    wanted = []
    for one in deliveries:
        if reason := obsolete(one, now_ms):
            records.drop([one], "SUPPRESSED", reason, now_ms)
        else:
            wanted.append(one)
    found = list(records.waiting_envelopes(wanted))
    parts = [(one, envelope.message) for one, envelope in found if envelope.message]
    if len(parts) < len(found) or not parts:
        raise ValueError("what merges has a message")
    if len(parts) == 1:
        return parts[0][0]
    message = merging.one_message(parts, f"{settings().public_url}/console")
    first, envelope = found[0]
    named = [one.delivery_id for one, _ in found]
    whole = replace(
        first,
        delivery_id=id_from(first.channel.lower(), now_ms, "merged", named[0], named[-1], str(len(named))),
        subject=message.title,
        about="",
        site_id="",
        needs="",
        severity=merging.worst([one for one, _ in found]),
        merges=False,
        waits=False,
        created_ms=now_ms,
        changed_ms=now_ms,
        next_ms=now_ms,
    )
    records.add(whole, replace(envelope, message=message))
    records.drop(
        [one for one, _ in found], "DIGESTED", "it is a part of another message", now_ms, part_of=whole.delivery_id
    )
    return whole
