"""Conversions, the orders behind them, and how they are credited, as the API writes them."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

from optiq.attribution.contracts import (
    NO_TRACKED_VISIT,
    ConversionCredits,
    CreditStatus,
    Evidence,
    Explanation,
    LeftOut,
    Model,
)
from optiq.journeys.contracts import Grade, Touch, TouchType
from optiq.journeys.order_contracts import ORDER_LIMITS, REFUSALS, OrderLimit, Refusal
from optiq.kernel.schemas import AmountIn, In, Instant, Micros, Out, PageOut
from pydantic import BeforeValidator, Field

from functions.journeys.schemas_customers import IdentityLinkOut

_ReferenceId = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w.:-]+$")]


class RefundIn(In):
    """`amount` is a decimal of the conversion's currency; without one, all of it. `refund_id` makes it count once."""

    refund_id: _ReferenceId
    amount_micros: AmountIn | None = Field(default=None, validation_alias="amount")


class AdjustmentIn(In):
    """`value` is what the conversion is worth from now on, a decimal of its currency. `adjustment_id` makes it count
    once.
    """

    adjustment_id: _ReferenceId
    value_micros: AmountIn = Field(validation_alias="value")


class AcceptedOut(Out):
    accepted: int


class ConversionOut(Out):
    """`order_id` is empty for a conversion that names no order; `value_micros` is after refunds and changes.

    `verified`: a server reported it, and no value of it is a page's alone.
    """

    conversion_id: str
    customer_id: str
    event_id: str
    order_id: str
    name: str
    occurred_at: Instant
    value_micros: Micros
    currency: str
    verified: bool


class ConversionsOut(PageOut[ConversionOut]):
    """Newest first."""


class ReportOut(Out):
    """An event that reports a conversion. `value_micros` is null and `currency` empty where it names none."""

    event_id: str
    name: str
    occurred_at: Instant
    value_micros: Micros | None
    currency: str
    from_server: bool = Field(description="a write key came with it")


class CorrectionOut(ReportOut):
    """A refund, cancellation or change. `refusal` is why it changes nothing, "" where it counts; `because` explains."""

    refusal: Refusal = Field(examples=["", *REFUSALS])
    because: str


class WaitingCorrectionOut(ReportOut):
    """A refund, cancellation or change of an order that nothing has reported yet."""

    order_id: str


class WaitingCorrectionsOut(PageOut[WaitingCorrectionOut]):
    """The oldest first."""


class OrderLimitOut(Out):
    """A limit that an order or its path reached, and what follows from it."""

    limit: OrderLimit
    because: str


def _explained(limit: Any) -> Any:
    known = isinstance(limit, str) and limit in ORDER_LIMITS
    return {"limit": limit, "because": ORDER_LIMITS[limit]} if known else limit


class TouchOut(Out):
    """`late`: we learned of it only after the conversion. `customer_id`: the identifier it was seen of, "" if unknown.

    `channel_rules_version` is that of the rules behind its channel; null where the lake does not say.
    `evidence` is how sure it is that the touch is this customer's.
    """

    touch_id: str
    occurred_at: Instant
    touch_type: TouchType | Literal[""]
    channel: str
    source: str
    medium: str
    campaign: str
    term: str
    content: str
    click_ids: Annotated[dict[str, str], BeforeValidator(dict)]
    landing_page: str
    referrer_domain: str
    late: bool
    evidence: Grade
    customer_id: str
    channel_rules_version: int | None


class TouchCreditOut(Out):
    """`touch_id` is empty when no touch counts; `channel` is then `No tracked visit`."""

    touch_id: str
    channel: str
    weight: float
    credit_micros: Micros


class ModelCreditsOut(Out):
    model: Model
    touches: list[TouchCreditOut]


class LeftOutTouchOut(Out):
    touch: TouchOut
    reason: LeftOut


class PassedVisitOut(Out):
    """A visit within the window that made no touch; `because` explains the reason in a sentence."""

    reason: str = Field(examples=["BOT", "EXCLUDED_REFERRER"])
    because: str
    session_id: str
    started_at: Instant
    landing_page: str
    referrer: str


class ConversionDetailOut(ConversionOut):
    """A conversion with its path, oldest touch first, and its credits; `credits` is empty while PENDING.

    The versions say by which settings, fit (0 for none) and definitions it was credited; null while PENDING. `links`
    are what makes the customers of its touches one person. `reports` are all events that report it, `corrections` those
    that take something off `gross_micros` or change it; both oldest first. `limits` are those that the order or its
    path reached.
    """

    gross_micros: Micros = Field(description="before refunds and changes, in millionths of the currency")
    reports: list[ReportOut]
    corrections: list[CorrectionOut]
    limits: list[Annotated[OrderLimitOut, BeforeValidator(_explained)]]
    status: CreditStatus
    evidence: Evidence
    computed_at: Instant | None
    window_days: int
    settings_version: int | None
    fit_version: int | None
    engine_version: int | None
    path: list[TouchOut]
    credits: list[ModelCreditsOut]
    left_out: list[LeftOutTouchOut]
    passed_visits: list[PassedVisitOut]
    links: list[IdentityLinkOut]

    @classmethod
    def explaining(cls, found: Explanation) -> "ConversionDetailOut":
        path, background, credited = found.path, found.background, found.credits
        versions = ("computed_ms", "settings_version", "fit_version", "engine_version")
        return cls.model_validate(
            asdict(path.conversion)
            | {name: getattr(credited, name, None) for name in versions}
            | {
                "reports": background.reports,
                "corrections": background.corrections,
                "limits": background.limits,
                "status": found.status,
                "evidence": path.evidence,
                "window_days": path.window_days,
                "path": [_touch(touch, found) for touch in path.touches],
                "credits": list(_credits(credited)) if credited else [],
                "left_out": [{"touch": _touch(one.touch, found), "reason": one.reason} for one in found.left_out],
                "passed_visits": background.passed,
                "links": background.links,
            }
        )


def _touch(touch: Touch, found: Explanation) -> dict[str, Any]:
    return asdict(touch) | {
        "late": touch.touch_id in found.late,
        "customer_id": found.background.seen_as.get(touch.touch_id, ""),
        "channel_rules_version": found.channel_rules.get(touch.touch_id),
    }


def _credits(credited: ConversionCredits) -> Iterator[dict[str, Any]]:
    places = [(touch.touch_id, touch.channel) for touch in credited.path.touches] or [("", NO_TRACKED_VISIT)]
    for model, shares in credited.credits.items():
        touches = [
            {"touch_id": touch_id, "channel": channel} | asdict(share)
            for (touch_id, channel), share in zip(places, shares, strict=True)
        ]
        yield {"model": model, "touches": touches}
