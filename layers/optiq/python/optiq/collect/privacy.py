"""Failed events that name a person (kernel/person.py): their bodies are searched for the identifiers, plain and hashed.

A failed event of no known site is nobody's to give out or erase: nobody can read it, and it ends after a week.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_plus

from optiq.collect.ingest import keys
from optiq.collect.ingest.records import FailedEventRecord
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.person import Mode, Person, Row
from optiq.kernel.table import Update, update_if


def find(person: Person) -> Mapping[str, int]:
    return {"failed_events": sum(1 for _ in _naming(person))}


def export(person: Person) -> Iterator[tuple[str, Row]]:
    for site_id, record, body in _naming(person):
        yield (
            "failed_events",
            {
                "site_id": site_id,
                "failed_event_id": record.failed_event_id,
                "received_at": to_rfc3339(int(record.received_ms)),
                "source": record.source,
                "reason": record.reason,
                "user_agent": record.user_agent,
                "body": body,
            },
        )


def erase(person: Person, mode: Mode) -> None:  # noqa: ARG001 - what failed is in no report
    """The body goes. What is left, as of one that was replayed, keeps its delivery from bringing it again."""
    now_ms = system_clock()
    for _, record, _ in _naming(person):
        changes = [
            FailedEventRecord.body.remove(),
            FailedEventRecord.user_agent.set(""),
            FailedEventRecord.reason.set("erased"),
            FailedEventRecord.replayed_ms.set(now_ms),
        ]
        update_if(Update(FailedEventRecord(record.pk, record.sk), changes, FailedEventRecord.body.exists()))


def _naming(person: Person) -> Iterator[tuple[str, FailedEventRecord, str]]:
    named = [one.lower() for one in (*person.identifiers, *person.hashes) if one]
    for site_id in person.sites:
        start = keys.failed_event(person.organization_id, site_id, "")
        for record in FailedEventRecord.query(
            start.pk, FailedEventRecord.sk.startswith(start.sk), FailedEventRecord.body.exists(), consistent_read=True
        ):
            body = zlib.decompress(record.body).decode("utf-8", "replace")
            texts = "\n".join((body, unquote_plus(body), *_texts_in(body), str(record.reason))).lower()
            if any(one in texts for one in named):
                yield site_id, record, body


def _texts_in(body: str) -> Iterator[str]:
    """The texts of JSON with their escapes resolved."""
    try:
        value: object = json.loads(body)
    except ValueError:
        return
    yield json.dumps(value, ensure_ascii=False)
