"""Which campaign, group and ad a visit came from, and how that is known."""

from dataclasses import dataclass
from typing import Literal

from optiq.ads.resolution.naming import slug

Evidence = Literal["CLICK_VIEW", "URL_ID", "LINK", "AUTO", "AMBIGUOUS", "FOREIGN", "UNKNOWN"]
"""How a touch's campaign is known, the surest first.

CLICK_VIEW: the platform names the ad of the click id. URL_ID: the address has the id of a campaign, group or ad. LINK:
somebody linked the name of the campaign. AUTO: exactly one campaign has the name. The others say why it is not known.
AMBIGUOUS: several campaigns have the name. FOREIGN: the id is of no connected account. UNKNOWN: nothing tells.
"""
KNOWN: tuple[Evidence, ...] = ("CLICK_VIEW", "URL_ID", "LINK", "AUTO")


@dataclass(frozen=True, slots=True, order=True)
class Campaign:
    """A campaign of an account."""

    platform: str
    account: str
    campaign_id: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a touch came from.

    Attributes:
        campaign: None where it is not known. group_id, ad_id: "" where the evidence does not tell.
        candidates: how many campaigns have the name; of AMBIGUOUS more than one.
        foreign_id: the id in the address that no connected account has.
        conflict: another campaign that the name says; the id counts.
    """

    evidence: Evidence
    platform: str = ""
    campaign: Campaign | None = None
    group_id: str = ""
    ad_id: str = ""
    candidates: int = 0
    foreign_id: str = ""
    conflict: Campaign | None = None


@dataclass(frozen=True, slots=True, order=True)
class VisitNames:
    """What visits are named: the parameters of their links, and the channel that these make on the site."""

    source: str
    medium: str
    campaign: str
    channel: str


@dataclass(frozen=True, slots=True)
class LinkName:
    """How links name a campaign of a site.

    Attributes:
        visits: as most of its visits are named; None where no visit names it. names: the platform's own, every one.
    """

    campaign: Campaign
    visits: VisitNames | None
    names: tuple[str, ...]

    @property
    def spellings(self) -> frozenset[str]:
        """How people may write it, in small letters: its id, its names as they are and as links have them usually."""
        parted = [slug(name).split("-") for name in self.names]
        usual = (mark.join(each) for each in parted for mark in "-_ ")
        of_visits = [self.visits.campaign] if self.visits else []
        every = (self.campaign.campaign_id, *self.names, *usual, *of_visits)
        return frozenset(each.lower() for each in every) - {""}


@dataclass(frozen=True, slots=True)
class CampaignLink:
    """That visits whose utm_campaign has a name are of a campaign.

    Attributes:
        utm_campaign: as somebody wrote it; spellings that differ in case, blanks and marks alone are the same name.
        link_id: follows from the site, the platform and the name, so each has one link.
        removed: it counts no more.
    """

    organization_id: str
    site_id: str
    link_id: str
    utm_campaign: str
    platform: str
    account: str
    campaign_id: str
    created_ms: int
    removed: bool = False
    version: int = 0

    @property
    def campaign(self) -> Campaign:
        return Campaign(self.platform, self.account, self.campaign_id)


@dataclass(frozen=True, slots=True)
class TrackingTemplate:
    """What to add to a platform's ads, so that each visit names its campaign, group and ad.

    Attributes:
        url_parameters: with the platform's own placeholders. where: in which setting they go.
    """

    platform: str
    title: str
    url_parameters: str
    where: str
