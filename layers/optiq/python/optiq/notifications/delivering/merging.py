"""Which of the messages that are due to one recipient become one, and what it says. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from optiq.kernel.clock import MINUTE_MS
from optiq.notifications.contracts import Delivery, Message, Severity

BURST_MS, MOST_IN_BURST = 10 * MINUTE_MS, 5
"""More messages than that to one recipient and channel in ten minutes become one."""
MOST_ENTRIES = 20
"""What one message names of several."""
_RANKS: dict[Severity, int] = {"CRITICAL": 0, "WARNING": 1, "INFO": 2}


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of messages that are due: sent one by one, as one, or put off until an instant."""

    singles: list[Delivery] = field(default_factory=list)
    merged: list[Delivery] = field(default_factory=list)
    put_off: list[Delivery] = field(default_factory=list)
    until_ms: int = 0


def plan_of(due: Sequence[Delivery], sent_ms: Sequence[int], now_ms: int) -> Plan:
    """
    Args:
        sent_ms: when messages were last sent to the same recipient and channel.
    """
    waited = [one for one in due if one.waits]
    fresh = [one for one in due if not one.waits]
    singles, merged = (waited, []) if len(waited) == 1 else ([], waited)
    recent = [at_ms for at_ms in sent_ms if at_ms > now_ms - BURST_MS]
    room = MOST_IN_BURST - len(recent) - len(singles) - bool(merged)
    if len(fresh) <= room:
        return Plan([*singles, *fresh], merged)
    if room > 0 or any(one.severity == "CRITICAL" for one in fresh):
        return Plan(singles if len(fresh) > 1 else [*singles, *fresh], [*merged, *(fresh if len(fresh) > 1 else [])])
    return Plan(singles, merged, fresh, min(recent, default=now_ms) + BURST_MS)


def one_message(parts: Sequence[tuple[Delivery, Message]], console: str) -> Message:
    """One message that names the worst of several, the newest first of those that are as bad.

    Args:
        console: the address of the console, for messages of several kinds.
    """
    ordered = sorted(parts, key=lambda part: -part[0].created_ms)
    ordered.sort(key=lambda part: _RANKS[part[0].severity])
    are_alerts = all(delivery.topic == "alert" for delivery, _ in parts)
    titles = [message.title for _, message in ordered[:MOST_ENTRIES]]
    left = len(parts) - len(titles)
    pages = {message.url.partition("?")[0] for _, message in parts}
    return Message(
        f"{len(parts):,} {'alerts' if are_alerts else 'messages'}",
        points=(*titles, *((f"and {left:,} more",) if left else ())),
        action="See all of them",
        url=pages.pop() if len(pages) == 1 else console,
    )


def worst(deliveries: Sequence[Delivery]) -> Severity:
    return min((one.severity for one in deliveries), key=_RANKS.__getitem__)
