"""What platforms claim beside what is known, and which money no visit is known of."""

from dataclasses import dataclass

from optiq.ads.entities.contracts import Names
from optiq.ads.resolution.contracts import Evidence
from optiq.reports.questions.contracts import Framed
from optiq.reports.questions.periods import DEFAULT_PERIOD


@dataclass(frozen=True, slots=True)
class ClaimsAsk:
    """
    Attributes:
        model: by which credit is shared; "" for the site's own default.
        conversion: the name of the only conversions that count; "" for all.
        names: whether campaigns are shown with the names of the last day, or with those of now.
    """

    period: str = DEFAULT_PERIOD
    model: str = ""
    conversion: str = ""
    names: Names = "now"


@dataclass(frozen=True, slots=True)
class ClaimParts:
    """A platform's claim, and what it is made of; all in millionths of conversions, so fractions are exact.

    The parts come to `claimed` exactly: `unexplained` is the rest, and may be less than 0.

    Attributes:
        credited: what the model gives its clicks. shared: conversions that had its click too, and that the model gives
            to other touches. view_through: that it counts after an ad was seen and not clicked.
        date_basis: that it counts on the days of the clicks, and that happened on other days.
    """

    claimed_micros: int
    credited_micros: int
    shared_micros: int
    view_through_micros: int
    date_basis_micros: int

    @property
    def unexplained_micros(self) -> int:
        explained = self.credited_micros + self.shared_micros + self.view_through_micros + self.date_basis_micros
        return self.claimed_micros - explained


@dataclass(frozen=True, slots=True)
class CampaignClaim:
    """A campaign's claim. `campaign_id` is "" for what the platform lists no campaign of, or visits tell none of."""

    account: str
    campaign_id: str
    name: str
    parts: ClaimParts


@dataclass(frozen=True, slots=True)
class PlatformClaim:
    """What a platform claims, and its campaigns, the largest claim first.

    Attributes:
        views_counted: its claim has conversions after a view. date_basis_told: it tells on which day they happened.
        accepted: conversions that Optiq told it and it accepted; None where it was told none.
    """

    platform: str
    title: str
    parts: ClaimParts
    views_counted: bool
    date_basis_told: bool
    campaigns: tuple[CampaignClaim, ...]
    accepted: int | None = None

    @property
    def accepted_not_claimed(self) -> int | None:
        """So many that it accepted at least it does not claim: those that it matched to no ad."""
        if self.accepted is None:
            return None
        claimed = self.parts.claimed_micros - self.parts.date_basis_micros
        return max(0, self.accepted - round(claimed / 1_000_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsAnswer(Framed):
    """
    Attributes:
        conversions: how many there were. clicked: how many of them had a click on an ad of these platforms.
        over_claim: all that platforms claim / conversions; None without any. Claims are never shown as a sum: several
            platforms claim the same conversion.
    """

    model: str
    conversions: int
    clicked: int
    over_claim: float | None
    platforms: tuple[PlatformClaim, ...]


@dataclass(frozen=True, slots=True)
class SilentCampaign:
    """A campaign that cost money and that no visit is known of. `spend_micros` is in the answer's currency."""

    platform: str
    account: str
    campaign_id: str
    name: str
    spend_micros: int


@dataclass(frozen=True, slots=True)
class CampaignChoice:
    """A campaign that visits may be of, to be linked."""

    platform: str
    account: str
    campaign_id: str
    name: str


@dataclass(frozen=True, slots=True)
class UnresolvedVisits:
    """Visits of advertisements that no campaign is known of.

    Attributes:
        platform: whose, or "". evidence: why none is known. foreign_id: the id that no connected account has.
        revenue_micros: what the model gives them. choices: campaigns with such a name, the likeliest first.
    """

    platform: str
    source: str
    medium: str
    campaign: str
    evidence: Evidence
    foreign_id: str
    visits: int
    conversions: float
    revenue_micros: int
    choices: tuple[CampaignChoice, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Visits whose id says another campaign than their name. The id counts."""

    named: str
    by_id: CampaignChoice
    by_name: CampaignChoice
    visits: int


@dataclass(frozen=True, slots=True)
class EvidenceCount:
    """How many visits of advertisements are known by it."""

    evidence: Evidence
    visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageAnswer(Framed):
    """
    Attributes:
        campaigns: the most expensive first. visits: those with the most revenue first. conflicts: most visits first.
        by_evidence: of all visits of advertisements, the most first.
    """

    currency: str
    model: str
    campaigns: tuple[SilentCampaign, ...]
    visits: tuple[UnresolvedVisits, ...]
    conflicts: tuple[Conflict, ...]
    by_evidence: tuple[EvidenceCount, ...]
