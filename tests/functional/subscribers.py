"""Events between contexts, delivered by hand: a test decides when."""

import json
from collections.abc import Mapping
from typing import Any

from optiq.events import api as events
from optiq.events.contracts import Event
from optiq.events.keys import outbox_item
from optiq.events.records import OutboxRecord
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.settings import settings
from optiq.ports.log_file import LogFile

from infra.local.mappings import SUBSCRIBERS
from infra.local.shard_log import ShardLog
from infra.local.shard_reader import Backoff, ShardReader


def hand_on_events() -> None:
    """What the relay does. Some tests live in the future."""
    while events.hand_on_waiting(lambda: system_clock() + 400 * DAY_MS, age_ms=0):
        pass


def deliver_events() -> None:
    """Hands on every event and delivers it to its subscribers; what fails is delivered again at the next call."""
    hand_on_events()
    log = LogFile(settings().bus)
    for mapping in SUBSCRIBERS:
        for shard in _unread(log, mapping.consumer):
            shard_log = ShardLog(log, mapping.consumer, shard, mapping.kinds)
            reader = ShardReader(shard_log, mapping, Backoff())
            while reader.left(1) and not reader.step():
                pass
    log.close()


def _unread(log: LogFile, consumer: str) -> list[int]:
    """The shards with records that a consumer has not read: earlier tests left two for each of their organizations."""
    rows = log.connection().execute(
        "SELECT shard, max(sequence) AS newest FROM records GROUP BY shard HAVING newest > coalesce("
        "(SELECT sequence FROM checkpoints WHERE consumer = ? AND checkpoints.shard = records.shard), 0)"
        " ORDER BY shard",
        (consumer,),
    )
    return [shard for shard, _ in rows]


def handed_on(name: str) -> list[Mapping[str, Any]]:
    """The events of a name on the bus, oldest first, as subscribers get them."""
    log = LogFile(settings().bus)
    found = log.connection().execute("SELECT data FROM records WHERE kind = ? ORDER BY sequence", (name,)).fetchall()
    log.close()
    return [json.loads(data) for (data,) in found]


def waiting_events(organization_id: str, name: str) -> list[Event]:
    """An organization's events of a name that wait to be handed on, the oldest first."""
    items = OutboxRecord.query(outbox_item(organization_id, "").pk)
    found = [Event(**json.loads(item.event)) for item in items if item.event]
    return sorted((one for one in found if one.name == name), key=lambda one: one.event_id)
