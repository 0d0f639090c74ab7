"""A site with conversions, and destinations that are told of them, on the clock of the stand-ins."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from optiq.ads.connections import api as connections
from optiq.feedback import api as feedback
from optiq.feedback.destinations.contracts import Destination, ToldEvent
from optiq.feedback.destinations.stores import known_of_site
from optiq.feedback.match_keys.contracts import GoogleKeys, Match, MatchKeys, MetaKeys, TikTokKeys
from optiq.feedback.outbox.adding import add_conversions
from optiq.feedback.outbox.contracts import Entry
from optiq.feedback.outbox.stores import of_conversion
from optiq.feedback.sending.step import step
from optiq.journeys.contracts import Conversion, ConversionPath, ConversionRef, Touch
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import id_from

from infra.local.ad_platforms.server import Vendors

NAMES = {"GOOGLE_ADS": "987654321", "META": "Purchase", "TIKTOK": "CompletePayment"}
PATHS = {"GOOGLE_ADS": "events:ingest", "META": "/events", "TIKTOK": "event/track"}
"""What uploads are asked by."""
EMAIL = hashlib.sha256(b"alexz@example.com").hexdigest()
PHONE = hashlib.sha256(b"18005550100").hexdigest()


def known(email: str = EMAIL) -> Match:
    """A person who permits everything, by their mail address."""
    keys = MatchKeys(
        google=GoogleKeys(emails=(email,)),
        meta=MetaKeys(em=(email,), fbp="fb.1.1.2"),
        tiktok=TikTokKeys(email=(email,)),
        ip="203.0.113.7",
        user_agent="Mozilla/5.0",
        page_url="https://shop.example/thanks",
    )
    return Match("GRANTED", "GRANTED", keys=keys)


@dataclass
class Telling:
    """One site."""

    vendors: Vendors
    organization_id: str
    site_id: str
    conversions: dict[str, Conversion] = field(default_factory=dict)
    touches: dict[str, tuple[Touch, ...]] = field(default_factory=dict)
    matches: dict[str, Match] = field(default_factory=dict)

    @property
    def caller(self) -> Caller:
        return Caller(self.organization_id, "user_ann", "user_ann")

    def clock(self) -> int:
        return self.vendors.world.now_ms

    def later(self, minutes: float) -> None:
        self.vendors.world.now_ms += int(minutes * MINUTE_MS)

    def destination(self, platform: str = "META", **settings: Any) -> Destination:
        """A destination on a connection that a person permitted to send conversions."""
        started = connections.start_connecting(self.caller, platform, uploads=True, clock=self.clock)
        state, code = self.vendors.world.consent(started.url)
        connection = connections.finish_connecting(self.caller, state, code, clock=self.clock)
        made = feedback.create_destination(
            self.caller,
            self.site_id,
            name=platform,
            platform=platform,  # type: ignore[arg-type]
            connection_id=connection.connection_id,
            target="900100",
            events=[ToldEvent("Order Completed", NAMES[platform])],
            clock=self.clock,
            **settings,
        )
        known_of_site.cache_clear()
        return made

    def convert(self, order: str, units: float = 100.0, match: Match | None = None, **changed: Any) -> str:
        """A conversion that was just recorded, or what it is now. Returns its id."""
        conversion_id = id_from("conversion", 1, self.site_id, order)
        before = self.conversions.get(conversion_id)
        now_ms = self.clock()
        conversion = before or Conversion(
            self.organization_id,
            self.site_id,
            "cus_1",
            conversion_id,
            f"event-{order}",
            "Order Completed",
            now_ms,
            0,
            "EUR",
            0,
            order_id=order,
            gross_micros=int(units * 1_000_000),
        )
        changed = {"value_micros": int(units * 1_000_000), "revision": conversion.revision + 1, **changed}
        self.conversions[conversion_id] = replace(conversion, **changed)
        self.matches.setdefault(conversion_id, match or known())
        return conversion_id

    def record(self, *conversion_ids: str) -> int:
        """The stream delivers that conversions were recorded."""
        refs = [ConversionRef(self.organization_id, self.site_id, "cus_1", one) for one in conversion_ids]
        return add_conversions(refs, self.clock)

    def told(self, order: str, units: float = 100.0, **changed: Any) -> str:
        conversion_id = self.convert(order, units, **changed)
        self.record(conversion_id)
        return conversion_id

    def send(self, destination: Destination) -> bool:
        """One step at the destination, as the workflow does it."""
        return step(self.organization_id, self.site_id, destination.destination_id, self.clock)

    def entries(self, destination: Destination, conversion_id: str) -> list[Entry]:
        return of_conversion(self.organization_id, self.site_id, destination.destination_id, conversion_id)

    def entry(self, destination: Destination, conversion_id: str) -> Entry:
        """The last entry of a conversion."""
        return self.entries(destination, conversion_id)[-1]

    def bodies(self, path: str = "/events") -> list[Any]:
        """What was uploaded, oldest first."""
        return [json.loads(one.raw) for one in self.vendors.asked(path) if one.method == "POST"]

    def paths(self, organization_id: str, site_id: str, ids: Sequence[str], _: int) -> list[ConversionPath]:
        assert (organization_id, site_id) == (self.organization_id, self.site_id)
        return [ConversionPath(self.conversions[one], self.touches.get(one, ())) for one in ids]

    def conversion(self, organization_id: str, site_id: str, conversion_id: str) -> Conversion:
        if (organization_id, site_id) != (self.organization_id, self.site_id) or conversion_id not in self.conversions:
            raise NotFoundError("there is no such conversion")
        return self.conversions[conversion_id]

    def match(self, organization_id: str, site_id: str, conversion_id: str, *, clock: object = None) -> Match:
        assert (organization_id, site_id) == (self.organization_id, self.site_id)
        if conversion_id not in self.matches:
            raise NotFoundError("there is no such conversion")
        return self.matches[conversion_id]
