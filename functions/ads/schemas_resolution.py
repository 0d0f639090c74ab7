"""Links from names to campaigns as the API writes them."""

from typing import Annotated

from optiq.ads.resolution.contracts import CampaignLink, TrackingTemplate
from optiq.kernel.schemas import In, Out, PageOut, shows
from pydantic import Field

_Id = Annotated[str, Field(min_length=1, max_length=60)]


class AdLinkIn(In):
    """Visits whose `utm_campaign` is this name, in any spelling, are of the campaign."""

    utm_campaign: Annotated[str, Field(min_length=1, max_length=500, examples=["spring-sale"])]
    platform: Annotated[str, Field(min_length=1, max_length=40, examples=["GOOGLE_ADS"])]
    account: _Id = Field(examples=["2223334445"])
    campaign_id: _Id = Field(examples=["111"])


@shows(CampaignLink, but=("removed",))
class AdLinkOut(Out):
    """Visits whose `utm_campaign` is this name, in any spelling, are of the campaign, unless an id says otherwise."""


class AdLinksOut(PageOut[AdLinkOut]):
    """By id."""


@shows(TrackingTemplate)
class TrackingTemplateOut(Out):
    """`url_parameters` go into the platform's setting `where`, so that each visit names its campaign, group and ad."""


class TrackingTemplatesOut(PageOut[TrackingTemplateOut]):
    """By platform."""
