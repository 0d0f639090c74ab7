"""Claims of platforms, and what no visit is known of, as the API writes them."""

from typing import Annotated

from optiq.ads.entities.contracts import Names
from optiq.ads.resolution.contracts import Evidence
from optiq.attribution.contracts import Model
from optiq.kernel.schemas import In, Out, shows
from optiq.reports.advertising.contracts import (
    CampaignChoice,
    CampaignClaim,
    ClaimParts,
    ClaimsAsk,
    Conflict,
    PlatformClaim,
    SilentCampaign,
    UnresolvedVisits,
)
from optiq.reports.questions.api import DEFAULT_PERIOD
from pydantic import Field

from functions.reports.schemas_questions import FramedOut, Period

_Conversions = Annotated[int, Field(description="millionths of conversions: 42.5 is 42500000", examples=[42_500_000])]


class ClaimsIn(In):
    """`names`: campaigns by their names of the last day (then), or of now."""

    period: Period = DEFAULT_PERIOD
    model: Model | None = Field(None, description="by which credit is shared; by default the site's own default")
    conversion: Annotated[str, Field(max_length=200)] = Field("", description="the only conversions; empty for all")
    names: Names = "now"

    def ask(self) -> ClaimsAsk:
        return ClaimsAsk(self.period, self.model or "", self.conversion, self.names)


@shows(ClaimParts)
class ClaimPartsOut(Out):
    """The parts come to `claimed_micros` exactly. `unexplained_micros`, the rest, may be less than 0."""

    claimed_micros: _Conversions
    credited_micros: _Conversions
    shared_micros: _Conversions
    view_through_micros: _Conversions
    date_basis_micros: _Conversions
    unexplained_micros: _Conversions


@shows(CampaignClaim)
class CampaignClaimOut(Out):
    """`campaign_id` is empty for what the platform lists no campaign of, and for visits whose campaign is not known."""

    parts: ClaimPartsOut


@shows(PlatformClaim)
class PlatformClaimOut(Out):
    """`views_counted`: its claim has conversions after a view. `date_basis_told`: it tells when they happened.
    `accepted`: conversions that Optiq told it and it accepted; null where it was told none.
    `accepted_not_claimed`: so many of them at least it does not claim.
    """

    parts: ClaimPartsOut
    campaigns: list[CampaignClaimOut]
    accepted_not_claimed: int | None


class ClaimsOut(FramedOut):
    """Several platforms may claim the same conversion, so claims are never added. `over_claim` is how often they claim
    one: 1.3 means 130 claims for 100 conversions. `clicked` is how many had a click on an ad of these platforms.
    """

    model: Model
    conversions: int
    clicked: int
    over_claim: float | None
    platforms: list[PlatformClaimOut]


class CoverageIn(In):
    """The days to look at."""

    period: Period = DEFAULT_PERIOD
    model: Model | None = Field(None, description="of revenue; by default the site's own default")


@shows(SilentCampaign)
class SilentCampaignOut(Out):
    """A campaign that cost money and that no visit is known of."""


@shows(CampaignChoice)
class CampaignChoiceOut(Out):
    """A campaign, to be linked with `POST …/ad-links`."""


@shows(UnresolvedVisits)
class UnresolvedVisitsOut(Out):
    """Visits of advertisements that no campaign is known of. `choices` are campaigns with such a name."""

    evidence: Evidence
    choices: list[CampaignChoiceOut]


@shows(Conflict)
class ConflictOut(Out):
    """Visits whose id says another campaign than their name. The id counts."""

    by_id: CampaignChoiceOut
    by_name: CampaignChoiceOut


class EvidenceCountOut(Out):
    """How many visits of advertisements are known by it."""

    evidence: Evidence
    visits: int


class CoverageOut(FramedOut):
    """Each list has the most money, or the most visits, first."""

    currency: str
    model: Model
    campaigns: list[SilentCampaignOut]
    visits: list[UnresolvedVisitsOut]
    conflicts: list[ConflictOut]
    by_evidence: list[EvidenceCountOut]
