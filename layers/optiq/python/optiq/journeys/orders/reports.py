"""What an event says of an order."""

from dataclasses import dataclass

from optiq.journeys.erased_ids import kept_id
from optiq.journeys.history import delay_of
from optiq.kernel.events import Correction, EventAccepted, IdentityType, Product, correction_of
from optiq.kernel.ids import id_in_order


@dataclass(frozen=True, slots=True)
class Report:
    """What one event says of an order.

    Attributes:
        customer_id, identity_type: the identifier that holds the event.
        currency: "" when the event names none. products: those it lists.
        refund_id: the sender's own id of a refund, or "".
    """

    event_id: str
    receipt: str
    customer_id: str
    identity_type: IdentityType
    name: str
    occurred_ms: int
    position: int
    delay_ms: int
    digest: str
    value_micros: int | None
    currency: str
    from_server: bool
    products: tuple[Product, ...] = ()
    refund_id: str = ""

    @property
    def correction(self) -> Correction | None:
        return correction_of(self.name)

    @property
    def order(self) -> tuple[int, int, int, str, str]:
        """Sorts reports as facts are sorted."""
        return self.occurred_ms, self.delay_ms, self.position, self.digest, self.event_id

    def conversion_id(self, site_id: str) -> str:
        """The conversion's, if this is the first report of its order."""
        of_erased = kept_id(self.event_id, "conversion")
        return of_erased or id_in_order(
            "conversion", self.occurred_ms, self.delay_ms, self.position, site_id, self.event_id
        )


def report_of(event: EventAccepted, customer_id: str, identity_type: IdentityType) -> Report:
    return Report(
        event_id=event.event_id,
        receipt=event.receipt,
        customer_id=customer_id,
        identity_type=identity_type,
        name=event.name,
        occurred_ms=event.occurred_ms,
        position=event.position,
        delay_ms=delay_of(event),
        digest=event.digest,
        value_micros=event.value_micros,
        currency=event.currency,
        from_server=event.from_server,
        products=event.products,
        refund_id=event.refund_id,
    )
