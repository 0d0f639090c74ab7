"""What the routes of conversions answer, and how it is made of the context's contracts."""

from optiq.attribution.contracts import (
    NO_TRACKED_VISIT,
    ConversionCredits,
    CreditStatus,
    Explanation,
    LeftOut,
    Model,
)
from optiq.journeys.contracts import Conversion, Grade, IdentityLink, PassedVisit, Touch
from optiq.kernel.clock import to_rfc3339
from optiq.kernel.left_out import because
from optiq.kernel.paging import Page
from pydantic import BaseModel, Field

from functions.journeys.order_payloads import CorrectionDetail, OrderLimitDetail, ReportDetail


class ConversionSummary(BaseModel):
    """`order_id` is empty for a conversion that names no order; `value_micros` is after refunds and changes.

    `verified`: a server reported it.
    """

    conversion_id: str
    customer_id: str
    event_id: str
    order_id: str
    name: str
    occurred_at: str
    value_micros: int
    currency: str
    verified: bool

    @classmethod
    def of(cls, conversion: Conversion) -> "ConversionSummary":
        return cls(
            conversion_id=conversion.conversion_id,
            customer_id=conversion.customer_id,
            event_id=conversion.event_id,
            order_id=conversion.order_id,
            name=conversion.name,
            occurred_at=to_rfc3339(conversion.occurred_ms),
            value_micros=conversion.value_micros,
            currency=conversion.currency,
            verified=conversion.verified,
        )


class ConversionList(BaseModel):
    """Newest first; `cursor` asks for the next page and is null at the end."""

    items: list[ConversionSummary]
    cursor: str | None

    @classmethod
    def of(cls, page: Page[Conversion]) -> "ConversionList":
        return cls(items=[ConversionSummary.of(item) for item in page.items], cursor=page.cursor)


class TouchDetail(BaseModel):
    """`late`: we learned of it only after the conversion. `customer_id`: the identifier it was seen of, "" if unknown.

    `channel_rules_version` is that of the rules its channel was last told by; null where the lake does not say.
    `evidence` is how sure it is that the touch is this customer's.
    """

    touch_id: str
    occurred_at: str
    touch_type: str
    channel: str
    source: str
    medium: str
    campaign: str
    term: str
    content: str
    click_ids: dict[str, str]
    landing_page: str
    referrer_domain: str
    late: bool
    evidence: Grade
    customer_id: str
    channel_rules_version: int | None

    @classmethod
    def of(cls, touch: Touch, explanation: Explanation) -> "TouchDetail":
        return cls(
            touch_id=touch.touch_id,
            occurred_at=to_rfc3339(touch.occurred_ms),
            touch_type=touch.touch_type,
            channel=touch.channel,
            source=touch.source,
            medium=touch.medium,
            campaign=touch.campaign,
            term=touch.term,
            content=touch.content,
            click_ids=dict(touch.click_ids),
            landing_page=touch.landing_page,
            referrer_domain=touch.referrer_domain,
            late=touch.touch_id in explanation.late,
            evidence=touch.evidence,
            customer_id=explanation.background.seen_as.get(touch.touch_id, ""),
            channel_rules_version=explanation.channel_rules.get(touch.touch_id),
        )


class TouchCredit(BaseModel):
    """`touch_id` is empty when no touch counts; `channel` is then `No tracked visit`."""

    touch_id: str
    channel: str
    weight: float
    credit_micros: int


class ModelCredits(BaseModel):
    model: Model
    touches: list[TouchCredit]


class LeftOutDetail(BaseModel):
    touch: TouchDetail
    reason: LeftOut


class PassedVisitDetail(BaseModel):
    """A visit within the window that made no touch; `because` explains the reason in a sentence."""

    reason: str = Field(examples=["BOT", "EXCLUDED_REFERRER"])
    because: str
    session_id: str
    started_at: str
    landing_page: str
    referrer: str


class LinkDetail(BaseModel):
    """Why two identifiers are one person's: `login`, `sdk` or `order`, and how sure that is, from 0 to 1."""

    customer_id: str
    type: str
    other_customer_id: str
    other_type: str
    confidence: float
    source: str
    since: str


class ConversionDetail(ConversionSummary):
    """A conversion with its path, oldest touch first, and its credits; `credits` is empty while PENDING.

    The versions say by which settings, fit (0 for none) and definitions it was credited; null while PENDING. `links`
    are what makes the customers of its touches one person. `reports` are all events that report it, `corrections` those
    that take something off `gross_micros` or change it; both oldest first. `limits` are those that the order reached.
    """

    gross_micros: int = Field(description="before refunds and changes")
    reports: list[ReportDetail]
    corrections: list[CorrectionDetail]
    limits: list[OrderLimitDetail]
    status: CreditStatus
    evidence: str
    computed_at: str | None
    window_days: int
    settings_version: int | None
    fit_version: int | None
    engine_version: int | None
    path: list[TouchDetail]
    credits: list[ModelCredits]
    left_out: list[LeftOutDetail]
    passed_visits: list[PassedVisitDetail]
    links: list[LinkDetail]

    @classmethod
    def explaining(cls, explanation: Explanation) -> "ConversionDetail":
        path, credited = explanation.path, explanation.credits
        return cls(
            **ConversionSummary.of(path.conversion).model_dump(),
            gross_micros=path.conversion.gross_micros,
            reports=[ReportDetail.of(report) for report in explanation.background.reports],
            corrections=[CorrectionDetail.of(report) for report in explanation.background.corrections],
            limits=[OrderLimitDetail.of(limit) for limit in explanation.background.limits],
            status=explanation.status,
            evidence=path.evidence,
            computed_at=to_rfc3339(credited.computed_ms) if credited else None,
            window_days=path.window_days,
            settings_version=credited.settings_version if credited else None,
            fit_version=credited.fit_version if credited else None,
            engine_version=credited.engine_version if credited else None,
            path=[TouchDetail.of(touch, explanation) for touch in path.touches],
            credits=_model_credits(credited) if credited else [],
            left_out=[
                LeftOutDetail(touch=TouchDetail.of(item.touch, explanation), reason=item.reason)
                for item in explanation.left_out
            ],
            passed_visits=[_passed_visit(visit) for visit in explanation.background.passed],
            links=[_link(link) for link in explanation.background.links],
        )


def _passed_visit(visit: PassedVisit) -> PassedVisitDetail:
    return PassedVisitDetail(
        reason=visit.reason,
        because=because(visit.reason),
        session_id=visit.session_id,
        started_at=to_rfc3339(visit.started_ms),
        landing_page=visit.landing_page,
        referrer=visit.referrer,
    )


def _link(link: IdentityLink) -> LinkDetail:
    return LinkDetail(
        customer_id=link.customer_id,
        type=link.identity_type,
        other_customer_id=link.other_customer_id,
        other_type=link.other_type,
        confidence=link.confidence,
        source=link.source,
        since=to_rfc3339(link.since_ms),
    )


def _model_credits(credited: ConversionCredits) -> list[ModelCredits]:
    places = [(touch.touch_id, touch.channel) for touch in credited.path.touches] or [("", NO_TRACKED_VISIT)]
    return [
        ModelCredits(
            model=model,
            touches=[
                TouchCredit(touch_id=touch_id, channel=channel, weight=share.weight, credit_micros=share.credit_micros)
                for (touch_id, channel), share in zip(places, shares, strict=True)
            ],
        )
        for model, shares in credited.credits.items()
    ]
