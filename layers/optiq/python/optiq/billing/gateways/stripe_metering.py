"""Usage at Stripe: a meter that has one value an hour, and the lines of invoices for events beyond a limit."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from optiq.billing.gateways.account import StripeAccount
from optiq.billing.gateways.asking import asked, connect, once, read
from optiq.billing.gateways.contract import EventsLine
from optiq.billing.gateways.minor_units import micros_of, micros_of_one
from optiq.billing.gateways.models import InvoiceModel
from optiq.billing.gateways.pace import Pace
from optiq.kernel.errors import ConflictError

EVENT_NAME = "optiq_events"
_KNOWN_IDENTIFIER = "already exists with identifier"
_PAGE = 100


class StripeMetering:
    """The port `Metering` (contract.py)."""

    def __init__(self, account: StripeAccount, pace: Pace | None = None) -> None:
        self._v1, self._pace = connect(account).v1, pace or Pace()
        self._meter_id = ""

    def report_hour(self, customer_id: str, identifier: str, value: int, at_s: int) -> None:
        params: Any = {
            "event_name": EVENT_NAME,
            "payload": {"stripe_customer_id": customer_id, "value": str(value)},
            "identifier": identifier,
            "timestamp": at_s,
        }
        self._pace.wait()
        try:
            asked(lambda: self._v1.billing.meter_events.create(params))
        except ConflictError as error:
            # It was taken before; whoever said so was killed before noting it.
            if _KNOWN_IDENTIFIER not in str(error):
                raise

    def hours_of(self, customer_id: str, from_s: int, until_s: int) -> Mapping[int, int]:
        params: Any = {
            "customer": customer_id,
            "start_time": from_s,
            "end_time": until_s,
            "value_grouping_window": "hour",
            "limit": _PAGE,
        }
        meter_id, found = self._meter(), dict[int, int]()
        pages = asked(lambda: self._v1.billing.meters.event_summaries.list(meter_id, params))
        for one in asked(lambda: list(pages.auto_paging_iter())):
            found[one.start_time] = int(one.aggregated_value)
        return found

    def hold_draft(self, invoice_id: str) -> bool:
        if not self._is_draft(invoice_id):
            return False
        asked(lambda: self._v1.invoices.update(invoice_id, {"auto_advance": False}))
        return True

    def make_draft(self, customer_id: str, currency: str, source: str) -> str:
        params: Any = {
            "customer": customer_id,
            "currency": currency.lower(),
            "auto_advance": False,
            "pending_invoice_items_behavior": "exclude",
            "metadata": {"source": source},
        }
        return once(lambda key: self._v1.invoices.create(params, {"idempotency_key": key}), f"draft:{source}").id

    def add_events(self, invoice_id: str, customer_id: str, currency: str, line: EventsLine) -> None:
        if self._item_of(invoice_id, line.source):
            return
        params: Any = {
            "customer": customer_id,
            "invoice": invoice_id,
            "currency": currency.lower(),
            "description": line.description,
            "quantity": line.events,
            "unit_amount_decimal": str(Decimal(line.per_event) / micros_of_one(currency)),
            "period": {"start": line.from_s, "end": line.until_s},
            "metadata": {"source": line.source},
        }
        made = once(
            lambda key: self._v1.invoice_items.create(params, {"idempotency_key": key}),
            f"item:{line.source}",
            lambda: self._item_of(invoice_id, line.source),
        )
        if micros_of(made.amount, currency) != line.amount_micros:
            raise ConflictError(f"{invoice_id}: {line.events} events come to another amount at Stripe")

    def _item_of(self, invoice_id: str, source: str) -> Any:
        """The line of a source; None before it was added."""
        found = asked(lambda: self._v1.invoice_items.list({"invoice": invoice_id, "limit": _PAGE}))
        return next((one for one in found.data if one.to_dict()["metadata"].get("source") == source), None)

    def finalize(self, invoice_id: str) -> None:
        if self._is_draft(invoice_id):
            asked(lambda: self._v1.invoices.finalize_invoice(invoice_id, {"auto_advance": True}))

    def _is_draft(self, invoice_id: str) -> bool:
        self._pace.wait()
        return read(InvoiceModel, asked(lambda: self._v1.invoices.retrieve(invoice_id))).status == "draft"

    def _meter(self) -> str:
        self._meter_id = self._meter_id or meter_of(self._v1)
        if not self._meter_id:
            raise ConflictError("Stripe has no meter of events: run `optiq billing push`")
        return self._meter_id


def meter_of(v1: Any) -> str:
    """The id of the meter; "" where there is none."""
    found = asked(lambda: v1.billing.meters.list({"status": "active", "limit": _PAGE}))
    return next((one.id for one in found.data if one.event_name == EVENT_NAME), "")


def push_meter(v1: Any) -> list[str]:
    """Makes the meter where it is missing; says what it made."""
    if meter_of(v1):
        return []
    params = {
        "display_name": "Optiq: stored events",
        "event_name": EVENT_NAME,
        "default_aggregation": {"formula": "sum"},
        "event_time_window": "hour",
        "customer_mapping": {"type": "by_id", "event_payload_key": "stripe_customer_id"},
        "value_settings": {"event_payload_key": "value"},
    }
    asked(lambda: v1.billing.meters.create(params))
    return ["meter of events"]
