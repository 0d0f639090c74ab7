"""A shop's site: what is sent to it by every way in, and what Optiq says of it afterwards."""

import json
import time
from collections.abc import Sequence
from typing import Any

from optiq.attribution.contracts import STANDARD_MODELS
from optiq.collect.ingest import api as ingest
from optiq.journeys import api as journeys
from optiq.journeys.contracts import Conversion
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, day_of, parse_timezone, system_clock, to_rfc3339
from optiq.kernel.money import MICROS
from optiq.reports import api as reports
from optiq.reports.contracts import AttributionReport, Question
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.collect import measurement
from tests.functional.paths import paths_of
from tests.functional.pipeline import Pipeline
from tests.functional.senders import request, send_beacon, send_segment
from tests.support.counting import around_today

HOME = "https://shop.example/"
EMAIL = f"{HOME}?utm_source=nl&utm_medium=email"
PAID = f"{HOME}?utm_source=google&utm_medium=cpc&utm_campaign=brand"
THANKS = f"{HOME}thanks"
NO_TRACKED_VISIT = "No tracked visit"
CHANNEL_AND_CAMPAIGN = ("channel", "campaign")
"""One that Optiq says and one that people write; each further dimension is a query of every model."""


def let_a_millisecond_pass() -> None:
    """Nobody sends twice within a millisecond, which is all that a clock tells apart."""
    time.sleep(0.002)


class Shop:
    """A fresh site in EUR. Amounts are in units of their currency; each `send…` expects that all is accepted."""

    def __init__(self, currency: str = "EUR", domain: str = "shop.example") -> None:
        self.new_site: NewSite = tenancy.create_site(
            name="Case", domains=[domain], timezone="Europe/Berlin", currency=currency
        )
        self.where = (self.new_site.site.organization_id, self.new_site.site.site_id)
        self.now_ms = system_clock()
        self._pipeline = Pipeline()

    def ago(self, minutes: float) -> str:
        return to_rfc3339(self.now_ms - int(minutes * MINUTE_MS))

    def page(self, visitor: str, url: str = HOME, **said: Any) -> None:
        """A page view as the tracker sends it."""
        self.beacon({"anonymous_id": visitor, "kind": "page", "url": url} | said)

    def page_order(self, visitor: str, name: str = "purchase", /, url: str = THANKS, **properties: Any) -> None:
        """An order that the thank-you page reports."""
        self.beacon({"anonymous_id": visitor, "kind": "track", "name": name, "url": url, "properties": properties})

    def beacon(self, *events: dict[str, Any]) -> None:
        let_a_millisecond_pass()
        assert send_beacon(self.new_site, *events)["statusCode"] == 202

    def segment(self, kind: str, body: object) -> None:
        let_a_millisecond_pass()
        answer = send_segment(self.new_site, kind, body)
        assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"success": True})

    def order(self, user: str, event: str = "Order Completed", /, minutes_ago: float = 0, **properties: Any) -> None:
        """An order, or what becomes of it, as a server reports it by Segment's API."""
        message = {"userId": user, "event": event, "properties": properties}
        self.segment("track", message | ({"timestamp": self.ago(minutes_ago)} if minutes_ago else {}))

    def measure(self, client: str, *events: dict[str, Any], **request_fields: Any) -> None:
        """Events by Google's Measurement Protocol."""
        body = {"client_id": client, "events": list(events)} | request_fields
        query = f"measurement_id=G-1&api_secret={self.new_site.write_key}"
        sent = request("POST", "/mp/collect", json.dumps(body), {}, query)
        assert measurement.handler(sent, None)["statusCode"] == 204

    def settle(self) -> None:
        """Waits until everything sent stands in the reports."""
        self._pipeline.drain()

    @property
    def conversions(self) -> Sequence[Conversion]:
        """The cheapest first."""
        found = journeys.list_conversions(*self.where, 100, None).items
        return sorted(found, key=lambda one: (one.value_micros, one.occurred_ms))

    @property
    def sold(self) -> list[tuple[float, str]]:
        """Each conversion's value and currency, the cheapest first."""
        return [(one.value_micros / MICROS, one.currency) for one in self.conversions]

    @property
    def values(self) -> list[float]:
        return [value for value, _ in self.sold]

    @property
    def touches(self) -> dict[float, list[str]]:
        """`source / medium = channel` of each touch of a conversion's path, by the conversion's value."""
        return {
            path.conversion.value_micros / MICROS: [f"{t.source} / {t.medium} = {t.channel}" for t in path.touches]
            for path in paths_of(self.new_site)
        }

    @property
    def channels(self) -> dict[float, list[str]]:
        return {value: [touch.rpartition(" = ")[2] for touch in path] for value, path in self.touches.items()}

    @property
    def counts(self) -> dict[str, int]:
        first, last = around_today()
        found = ingest.counts(Caller.system(self.where[0]), self.where[1], first=first, last=last)
        return {"stored": found.stored, "duplicates": found.duplicates, "failed": found.failed}

    @property
    def failed(self) -> list[str]:
        return [
            event.reason
            for event in ingest.failed_events(Caller.system(self.where[0]), self.where[1], limit=100, cursor=None).items
        ]

    @property
    def customers(self) -> int:
        return len(journeys.list_customers(*self.where, 100, None).items)

    def report(self, by: str = "channel", model: str = "LAST_TOUCH") -> AttributionReport:
        return reports.attribution_report(Caller.system(self.where[0]), self.where[1], self._question(by), model=model)

    def _question(self, by: str) -> Question:
        first, last = (
            day_of(instant, parse_timezone("Europe/Berlin")).isoformat()
            for instant in (self.now_ms - 30 * 24 * 60 * MINUTE_MS, system_clock())
        )
        return Question(first, last, by)

    def earned(self, by: str = "channel", model: str = "LAST_TOUCH") -> dict[str, float]:
        """Revenue of each value of a dimension that has any."""
        return {row.key: row.revenue_micros / MICROS for row in self.report(by, model).rows if row.revenue_micros}

    def assert_groups_total(
        self, orders: int, revenue: float, dimensions: Sequence[str] = CHANNEL_AND_CAMPAIGN
    ) -> None:
        """The groups of these dimensions under every model sum to what was sent, to the micro."""
        for by in dimensions:
            # One reading of the ledger for all models: a query of its own for each takes most of these tests' time.
            for found in reports.compare_models(
                Caller.system(self.where[0]), self.where[1], self._question(by), models=STANDARD_MODELS
            ).now:
                what = (found.model, by)
                assert (found.conversions, found.revenue_micros) == (orders, round(revenue * MICROS)), what
                assert sum(row.revenue_micros for row in found.rows) == found.revenue_micros, what
                assert round(sum(row.conversions for row in found.rows), 6) == orders, what
        assert round(sum(self.values), 6) == revenue


def purchase(**params: Any) -> dict[str, Any]:
    """An event of the Measurement Protocol."""
    return {"name": "purchase", "params": params}


def page_view(url: str, **params: Any) -> dict[str, Any]:
    return {"name": "page_view", "params": {"page_location": url} | params}
