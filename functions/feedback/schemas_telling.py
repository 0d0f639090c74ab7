"""What platforms were told, as answers have it."""

from collections.abc import Iterable
from typing import Annotated

from optiq.feedback.outbox.contracts import Entry
from optiq.feedback.showing.contracts import Funnel, KeyRate, ReasonCount, TestEvent, ToldConversion, Untold
from optiq.kernel.schemas import In, Out, fields_of, shows
from pydantic import Field

from functions.feedback.schemas import FeedbackDestinationOut

_NOT_SHOWN = ("site_id", "destination_id", "click_ids", "clicked_ms", "batch_id", "version", "conversion_revision")


@shows(ReasonCount)
class FeedbackReasonOut(Out):
    """`because` says the reason in words."""


@shows(KeyRate)
class FeedbackKeyOut(Out):
    """`share` of what was sent that had this key."""


@shows(Untold)
class FeedbackUntoldOut(Out):
    """`value`: by so much the platform counts more than its conversions are worth now; it takes no refunds."""


@shows(Funnel)
class FeedbackFunnelOut(Out):
    """`pending` and `sending` are of now; `recorded`, `sent`, `accepted` and `confirmed` of the days asked for."""

    destination: FeedbackDestinationOut
    reasons: list[FeedbackReasonOut]
    untold: list[FeedbackUntoldOut]
    keys: list[FeedbackKeyOut]


class FeedbackFunnelsOut(Out):
    """By destination, the oldest first."""

    destinations: list[FeedbackFunnelOut]

    @classmethod
    def of(cls, funnels: Iterable[Funnel]) -> "FeedbackFunnelsOut":
        return cls(destinations=[FeedbackFunnelOut.model_validate(one) for one in funnels])


@shows(Entry, but=_NOT_SHOWN)
class FeedbackEntryOut(Out):
    """One thing that a destination was or is to be told. `digest` is the SHA-256 of the request; `trace` is what the
    platform's support finds it by.
    """

    platform: str
    destination_id: str
    destination: str
    because: str

    @classmethod
    def of(cls, told: ToldConversion) -> "FeedbackEntryOut":
        of_destination = {"destination_id": told.destination_id, "destination": told.name, "because": told.because}
        return cls.model_validate(fields_of(told.entry) | of_destination)


class FeedbackOfConversionOut(Out):
    """By destination, in the order in which they are told."""

    told: list[FeedbackEntryOut]

    @classmethod
    def of(cls, told: Iterable[ToldConversion]) -> "FeedbackOfConversionOut":
        return cls(told=[FeedbackEntryOut.of(one) for one in told])


class FeedbackAgainIn(In):
    """The destination that is told once more."""

    destination_id: Annotated[str, Field(max_length=60)]


@shows(TestEvent)
class FeedbackTestOut(Out):
    """What the platform answers: ACCEPTED, or why not. `code` is the platform's own."""
