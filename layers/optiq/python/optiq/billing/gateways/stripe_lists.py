"""Stripe's lists by its own package, a page at a time."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel
from stripe import StripeClient

from optiq.billing.gateways.asking import asked, read
from optiq.billing.gateways.models import EventModel, InvoiceModel, SubscriptionModel
from optiq.billing.gateways.pace import Pace

M = TypeVar("M", bound=BaseModel)
_MOST = 100


class StripeLists:
    """The port `Listing` (contract.py)."""

    def __init__(self, client: StripeClient, pace: Pace) -> None:
        self._v1, self._pace = client.v1, pace

    def subscriptions(self, after: str) -> tuple[Sequence[SubscriptionModel], bool]:
        return self._page(SubscriptionModel, self._v1.subscriptions.list, {"status": "all"}, after)

    def invoices(self, since_s: int, after: str) -> tuple[Sequence[InvoiceModel], bool]:
        return self._page(InvoiceModel, self._v1.invoices.list, {"created": {"gte": since_s}}, after)

    def undelivered(self, since_s: int, after: str) -> tuple[Sequence[EventModel], bool]:
        wanted = {"delivery_success": False, "created": {"gte": since_s}}
        return self._page(EventModel, self._v1.events.list, wanted, after)

    def _page(
        self, kind: type[M], listed: Callable[[Any], Any], wanted: dict[str, Any], after: str
    ) -> tuple[Sequence[M], bool]:
        params = wanted | {"limit": _MOST} | ({"starting_after": after} if after else {})
        self._pace.wait()
        found = asked(lambda: listed(params))
        return [read(kind, one) for one in found.data], bool(found.has_more)
