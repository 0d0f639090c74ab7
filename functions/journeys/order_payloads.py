"""The events that report an order and correct it, as the routes answer them, with a sentence for each refusal."""

from collections.abc import Mapping

from optiq.journeys.contracts import OrderReport, WaitingCorrection, WaitingCorrections
from optiq.kernel.clock import to_rfc3339
from pydantic import BaseModel, Field

REFUSALS: Mapping[str, str] = {
    "CURRENCY": "It is in another currency than the order.",
    "UNVERIFIED": "A page sent it: a page can't change what a server or another visitor reported.",
    "NO_PRICE": "It names products, and neither it nor the order has their price.",
    "NO_VALUE": "It names no value that can be read, or a refund of 0. Send the amount as total.",
    "REPEATED": "Another source reports the same refund, which counts once.",
    "NOTHING_LEFT": "Earlier corrections left nothing of the order.",
}
"""By `refusal` (optiq/journeys/orders.py)."""


ORDER_LIMITS: Mapping[str, str] = {
    "MANY_REPORTS": "More events name this order number than Optiq keeps. The earliest have a place.",
}
"""What each limit of an order means (optiq/journeys/contracts.py)."""


class OrderLimitDetail(BaseModel):
    """A limit that an order reached."""

    limit: str = Field(examples=[*ORDER_LIMITS])
    because: str

    @classmethod
    def of(cls, limit: str) -> "OrderLimitDetail":
        return cls(limit=limit, because=ORDER_LIMITS.get(limit, ""))


class ReportDetail(BaseModel):
    """An event that reports a conversion. `value_micros` is null and `currency` empty where it names none."""

    event_id: str
    name: str
    occurred_at: str
    value_micros: int | None
    currency: str
    from_server: bool = Field(description="a write key came with it")

    @classmethod
    def of(cls, report: OrderReport) -> "ReportDetail":
        return cls(**_said(report))


class CorrectionDetail(ReportDetail):
    """A refund, cancellation or change. `refusal` is why it changes nothing, "" where it counts; `because` explains."""

    refusal: str = Field(examples=["", *REFUSALS])
    because: str

    @classmethod
    def of(cls, report: OrderReport) -> "CorrectionDetail":
        return cls(**_said(report), refusal=report.refusal, because=refused_because(report.refusal))


class WaitingCorrectionDetail(ReportDetail):
    """A refund, cancellation or change of an order that nothing has reported yet."""

    order_id: str

    @classmethod
    def waiting(cls, correction: WaitingCorrection) -> "WaitingCorrectionDetail":
        return cls(**_said(correction.report), order_id=correction.order_id)


class WaitingCorrectionsDocument(BaseModel):
    """The oldest first; `cursor` asks for the next page and is null at the end."""

    items: list[WaitingCorrectionDetail]
    cursor: str | None

    @classmethod
    def of(cls, page: WaitingCorrections) -> "WaitingCorrectionsDocument":
        return cls(items=[WaitingCorrectionDetail.waiting(item) for item in page.items], cursor=page.cursor)


def refused_because(refusal: str) -> str:
    """A sentence that explains a refusal; "" for none."""
    return REFUSALS.get(refusal, f"It changes nothing: {refusal.replace('_', ' ').lower()}." if refusal else "")


def _said(report: OrderReport) -> dict[str, str | int | None]:
    return {
        "event_id": report.event_id,
        "name": report.name,
        "occurred_at": to_rfc3339(report.occurred_ms),
        "value_micros": report.value_micros,
        "currency": report.currency,
        "from_server": report.from_server,
    }
