"""A shop with a person of 49 rows, and with others who must keep theirs."""

import json
import os
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from optiq.attribution import api as attribution
from optiq.attribution.lake import CREDITS
from optiq.attribution.recomputing.contracts import JobStatus
from optiq.journeys import privacy as journeys
from optiq.journeys.lake import CONVERSIONS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, system_clock, to_rfc3339, utc_day
from optiq.kernel.lake_tables import latest_rows
from optiq.kernel.person import Person, personal_contexts
from optiq.kernel.settings import settings
from optiq.mail import api as mails
from optiq.mail.contracts import MailContent
from optiq.notifications.contracts import Delivery
from optiq.notifications.outbox import records as outbox
from optiq.notifications.outbox.contracts import Envelope
from optiq.ports import wiring
from optiq.ports.mail import Mail
from optiq.privacy import api as privacy
from optiq.privacy import running
from optiq.privacy.contracts import Kind, PersonRequest
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_segment
from tests.support.workflows import call_here, own_runner

LATER_MS = 30 * MINUTE_MS
_CONTENT = MailContent("NOTICE", "Your order", ("It is on its way.",), "")
_CAMPAIGNS = ("utm_source=news&utm_medium=email&utm_campaign=spring", "gclid=Cj0-ann-click", "")


class Shop:
    """A site, its stream, and what was sent to it."""

    def __init__(self) -> None:
        self.site: NewSite = tenancy.create_site(name="Shop", domains=["shop.example"], timezone="UTC")
        self.organization_id = self.site.site.organization_id
        self.pipeline = Pipeline()
        self.caller = Caller.system(self.organization_id)
        self.now_ms = system_clock()
        self.sent: list[list[dict[str, Any]]] = []
        # The outbox is shared by all tests.
        own = self.organization_id[-16:]
        self.device, self.mailbox = f"ann-{own}", f"ann.{own.lower()}@shop.example"

    def send(self, *events: dict[str, Any]) -> None:
        """By pages; the batch can be sent again."""
        self.sent.append(list(events))
        assert send_beacon(self.site, *events)["statusCode"] == 202
        self.pipeline.drain()

    def visit(self, visitor: str, start_ms: int, pages: int, query: str, **also: Any) -> list[dict[str, Any]]:
        return [
            {
                "event_id": f"{visitor}.{start_ms}-{page}",
                "timestamp": to_rfc3339(start_ms + page * MINUTE_MS),
                "anonymous_id": visitor,
                "url": f"https://shop.example/page/{page}" + (f"?{query}" if query and not page else ""),
                **also,
            }
            for page in range(pages)
        ]

    def order(self, visitor: str, at_ms: int, number: str, value: float, **also: Any) -> dict[str, Any]:
        return {
            "event_id": f"{visitor}.order-{number}",
            "timestamp": to_rfc3339(at_ms),
            "anonymous_id": visitor,
            "kind": "track",
            "name": "Order Completed",
            "properties": {"order_id": number, "total": value, "currency": "EUR"},
            **also,
        }

    def ann(self) -> None:
        """40 events, 3 visits, 2 conversions, 1 failed event, 2 mails and 1 identifier: 49 rows."""
        starts = [self.now_ms - days * DAY_MS - HOUR_MS for days in (9, 5, 1)]
        for start_ms, pages, query in zip(starts, (14, 12, 12), _CAMPAIGNS, strict=True):
            events = self.visit(self.device, start_ms, pages, query)
            for first in range(0, len(events), 20):
                self.send(*events[first : first + 20])
        self.send(self.order(self.device, starts[1] + 12 * MINUTE_MS, "A-1", 40.01))
        self.send(self.order(self.device, starts[2] + 12 * MINUTE_MS, "A-2", 19.99))
        send_segment(
            self.site, "track", f'{{"anonymousId": "{self.device}", "note": "{self.mailbox}", "event": '.encode()
        )
        self.pipeline.drain()
        for number in range(2):
            self.mail(f"mail_{self.now_ms}{number}", self.mailbox)

    def others(self) -> None:
        for number in range(3):
            visitor = f"ben.visitor.000{number}"
            start_ms = self.now_ms - (number + 2) * DAY_MS
            self.send(*self.visit(visitor, start_ms, 3, _CAMPAIGNS[number]))
            self.send(self.order(visitor, start_ms + 5 * MINUTE_MS, f"B-{number}", 10.03 + number))

    def mail(self, mail_id: str, to: str) -> None:
        delivery = Delivery(
            self.organization_id, mail_id, "MAIL", mails.address_hash(to), "NOTICE", "Your order", "", self.now_ms
        )
        outbox.add(delivery, Envelope(to=to, content=_CONTENT))
        wiring.mailer().send(Mail(mail_id, to, "Your order", "It is on its way.", "<p>It is on its way.</p>"))

    def enter(self, kind: Kind, *identifiers: str) -> PersonRequest:
        return privacy.enter_request(self.caller, kind=kind, identifiers=identifiers or (self.device, self.mailbox))

    def answer(self, kind: Kind, *identifiers: str) -> PersonRequest:
        """Enters a request and does its work, as the state machine does."""
        request = self.enter(kind, *identifiers)
        privacy.verify_request(self.caller, request.request_id)
        self.work(request.request_id)
        return privacy.get_request(self.caller, request.request_id)

    def work(self, request_id: str) -> None:
        contexts, _ = privacy.begin(self.organization_id, request_id)
        for context in contexts:
            privacy.work(self.organization_id, request_id, context)
        assert privacy.finish(self.organization_id, request_id)

    def found(self, *identifiers: str) -> Counter[str]:
        """What a search for a person finds now."""
        named = identifiers or (self.device, self.mailbox)
        hashes = running.hashes_of(self.organization_id, named)
        traces = journeys.traces_of(self.organization_id, hashes, self.now_ms)
        person = Person(self.organization_id, named, hashes, (self.site.site.site_id,), traces, self.now_ms)
        found: Counter[str] = Counter()
        for context in personal_contexts().values():
            found.update(context.find(person))
        return +found

    def revenue(self) -> list[tuple[Any, ...]]:
        """Revenue by channel, of each model in micros, as the latest credits say."""
        models = ("first_touch", "last_touch", "linear", "time_decay", "position_based")
        sums = ", ".join(f"sum({model}_micros)" for model in models)
        rows = latest_rows(CREDITS, "site_id = ?")
        sql = f"SELECT channel, {sums} FROM ({rows}) WHERE NOT coalesce(deleted, false) GROUP BY channel ORDER BY 1"
        return wiring.query().run(sql, self.organization_id, [self.site.site.site_id]).rows

    def revenue_of(self, model: str) -> list[tuple[Any, ...]]:
        rows = latest_rows(CREDITS, "site_id = ?")
        sql = f"SELECT channel, sum({model}_micros) FROM ({rows}) WHERE NOT coalesce(deleted, false) GROUP BY 1"
        return wiring.query().run(sql, self.organization_id, [self.site.site.site_id]).rows

    def count(self, table: str) -> int:
        sql = f"SELECT count(*) FROM {table} WHERE site_id = ?"
        return int(str(wiring.query().run(sql, self.organization_id, [self.site.site.site_id]).rows[0][0]))

    def recompute(self) -> None:
        """Credits the last month anew from the lake."""
        runner = own_runner(call=call_here)
        first, last = (utc_day(self.now_ms - days * DAY_MS) for days in (30, 0))
        site_id = self.site.site.site_id
        job = attribution.start_recompute(self.caller, site_id, from_day=first, to_day=last, whole=True)
        while runner.run_next():
            pass
        runner.close()
        assert attribution.get_job(self.caller, job.job_id).status == JobStatus.SUCCEEDED

    def values(self) -> list[tuple[Any, ...]]:
        rows = latest_rows(CONVERSIONS, "site_id = ?")
        sql = f"SELECT conversion_id, value_micros FROM ({rows}) WHERE NOT deleted ORDER BY 1"
        return wiring.query().run(sql, self.organization_id, [self.site.site.site_id]).rows


def kept_bytes(table: Any, organization_id: str) -> Iterator[tuple[str, bytes]]:
    """Everything that is kept of an organization, as plain bytes, with the place of each."""
    for page in table.get_paginator("scan").paginate(TableName=settings().table):
        for item in page["Items"]:
            if organization_id not in item["pk"]["S"] and organization_id not in json.dumps(item, default=str):
                continue
            place = f"{item['pk']['S']} {item['sk']['S']}"
            yield place, json.dumps(item, default=lambda raw: raw.decode("latin-1")).encode()
            for value in item.values():
                if isinstance(raw := value.get("B"), bytes):
                    try:
                        yield place, zlib.decompress(raw)
                    except zlib.error:
                        yield place, raw
    for root in (settings().lake, settings().mail_carrier):
        for folder, _, names in os.walk(root):
            for name in names:
                path = Path(folder) / name
                if root == settings().lake and organization_id not in str(path):
                    continue
                yield str(path), plain_bytes(path)


def plain_bytes(path: Path) -> bytes:
    """A file's bytes, and the rows of one of Parquet as text."""
    if path.suffix != ".parquet":
        return path.read_bytes()
    return path.read_bytes() + json.dumps(pq.read_table(path).to_pylist(), default=str).encode()
