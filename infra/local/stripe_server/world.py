"""What a Stripe account knows: objects by id, events of every change, and the time."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from infra.local.stripe_server.errors import missing
from infra.local.stripe_server.shapes import Obj, new_object, prefix_of

API_VERSION = "2026-10-28.endive"
_URLS = {
    "checkout.session": "/v1/checkout/sessions",
    "billing_portal.session": "/v1/billing_portal/sessions",
    "billing_portal.configuration": "/v1/billing_portal/configurations",
    "billing.meter": "/v1/billing/meters",
    "test_helpers.test_clock": "/v1/test_helpers/test_clocks",
}


@dataclass
class World:
    """An account.

    Attributes:
        now: the time of customers without a test clock, in seconds.
        url: where its pages are.
        hidden: what is known of an object beside its fields, by its id: how a card behaves, what was debited.
        waiting: ids of events that were not delivered yet.
        retry_days: after a failed payment of a renewal, when it is tried again. final_status: of a subscription
            whose last try failed.
        salt: begins the numbers of its ids, so that those of two accounts differ.
    """

    now: Callable[[], int] = field(default=lambda: int(time.time()))
    url: str = ""
    objects: dict[str, Obj] = field(default_factory=dict)
    hidden: dict[str, Obj] = field(default_factory=dict)
    events: dict[str, Obj] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    retry_days: tuple[int, ...] = (3, 5, 7)
    final_status: str = "canceled"
    draft_seconds: int = 3_600
    salt: str = field(default_factory=lambda: secrets.token_hex(4))
    _at: int | None = None

    def time_of(self, customer_id: str | None = None) -> int:
        """Now, by the customer's test clock if it has one."""
        if self._at is not None:
            return self._at
        customer = self.objects.get(customer_id or "")
        clock = self.objects.get((customer or {}).get("test_clock") or "")
        return int(clock["frozen_time"]) if clock else self.now()

    @contextmanager
    def at(self, second: int) -> Iterator[None]:
        """What is done within happens at that second."""
        before, self._at = self._at, second
        try:
            yield
        finally:
            self._at = before

    def new_id(self, prefix: str) -> str:
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return f"{prefix}_{self.salt}{self.numbers[prefix]:06d}"

    def add(self, kind: str, *, object_id: str = "", customer_id: str | None = None, **fields: Any) -> Obj:
        """A new object, without an event."""
        object_id = object_id or self.new_id(prefix_of(kind))
        made = new_object(kind, object_id, self.time_of(customer_id), **fields)
        self.objects[object_id] = made
        return made

    def get(self, kind: str, object_id: str) -> Obj:
        found = self.objects.get(object_id)
        if found is None or found["object"] != kind:
            raise missing(kind.rpartition(".")[2], object_id)
        return found

    def all_of(self, kind: str, **fields: Any) -> list[Obj]:
        """Objects of a kind whose fields are so, newest first."""
        found = [
            one
            for one in self.objects.values()
            if one["object"] == kind and all(one.get(name) == value for name, value in fields.items())
        ]
        return found[::-1]

    def emit(self, kind: str, about: Obj, previous: Obj | None = None) -> None:
        """Says that an object changed, as it is now."""
        event_id = self.new_id("evt")
        data: Obj = {"object": deepcopy(about)}
        if previous:
            data["previous_attributes"] = previous
        self.events[event_id] = {
            "id": event_id,
            "object": "event",
            "api_version": API_VERSION,
            "created": self.time_of(about.get("customer") or about["id"]),
            "data": data,
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        self.waiting.append(event_id)

    def change(self, about: Obj, event: str, **fields: Any) -> None:
        """Sets fields, and says so if any differs."""
        previous = {name: deepcopy(about.get(name)) for name, value in fields.items() if about.get(name) != value}
        about.update(fields)
        if previous:
            self.emit(event, about, previous)

    def dump(self) -> str:
        """All that it knows, as JSON."""
        names = ("objects", "hidden", "events", "waiting", "numbers", "salt")
        return json.dumps({name: getattr(self, name) for name in names})

    def load(self, text: str) -> None:
        for name, value in json.loads(text).items():
            setattr(self, name, value)


def url_of(about: Obj) -> str:
    """Where the API has an object."""
    kind = about["object"]
    return f"{_URLS.get(kind, f'/v1/{kind}s')}/{about['id']}"


def expanded(world: World, answer: Obj, names: list[str] | None) -> Obj:
    """An answer with the objects that its fields name, where that is asked; payments of an invoice come only so."""
    wanted = names or []
    shown = {name: value for name, value in answer.items() if name != "payments" or name in wanted}
    for name in wanted:
        found = world.objects.get(shown[name]) if isinstance(shown.get(name), str) else None
        if found:
            shown[name] = expanded(world, found, None)
    return shown


def thin(event: Obj) -> Obj:
    """An event as a thin one: what changed, not how it is now."""
    about = event["data"]["object"]
    created = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(event["created"]))
    return {
        "id": event["id"],
        "object": "v2.core.event",
        "type": f"v1.{event['type']}",
        "created": created,
        "livemode": event["livemode"],
        "related_object": {"id": about["id"], "type": about["object"], "url": url_of(about)},
        "reason": None,
    }
