"""Connections to advertising platforms as the API writes them."""

from typing import Annotated, Any

from optiq.ads.connections.contracts import AdAccount, CampaignSite, Connection, OfferedPlatform
from optiq.kernel.schemas import In, Instant, Out, PageOut, shows
from pydantic import Field, StrictBool

_Text = Annotated[str, Field(min_length=1, max_length=2_000)]


@shows(OfferedPlatform)
class AdPlatformOut(Out):
    """`signs_in`: it is connected at the platform's own page. `configured`: the operator has an app there."""


class AdPlatformsOut(PageOut[AdPlatformOut]):
    """By name."""


class AdConnectionIn(In):
    """With `connection_id`, that one is connected again; its accounts and what was read of them stay. With `uploads`,
    the person is asked to permit that the platform is told conversions, too.
    """

    platform: Annotated[str, Field(min_length=1, max_length=40, examples=["MANUAL"])]
    connection_id: Annotated[str, Field(max_length=60)] = ""
    uploads: StrictBool = False


class ConnectedIn(In):
    """`state` and `code` as the platform put them into the address it sent the person back to (TikTok: `auth_code`)."""

    state: _Text
    code: _Text


@shows(Connection, but=("check_ms",))
class AdConnectionOut(Out):
    """`reason` says in words why it is not CONNECTED. `expires_at`: when the permission ends unless it is renewed."""


class AdConnectionsOut(PageOut[AdConnectionOut]):
    """Newest first."""


class AdConnectStartOut(Out):
    """`url`: where to send the person, until `expires_at`; empty without a sign-in, and `connection` is there."""

    url: str
    expires_at: Instant | None
    connection: AdConnectionOut | None


@shows(AdAccount, but=("login_id",))
class AdAccountOut(Out):
    """`chosen`: its spend is read. `platform_status` is the platform's own word. `site_id`: the site that its costs are
    of; "" for none, so that no site's reports have them.
    """


class CampaignSiteIn(In):
    """A campaign whose costs are of a site of its own."""

    campaign_id: Annotated[str, Field(min_length=1, max_length=60)]
    site_id: Annotated[str, Field(min_length=1, max_length=60)]


class AccountSiteIn(In):
    """The site that all costs of an account are of, of all days; "" for none. `campaign_sites` are of other sites.

    `source` and `medium`: by which your links name visits of its ads; "" for those that are usual for the platform.
    """

    site_id: Annotated[str, Field(max_length=60)] = Field("", examples=["site_01M8K6NX6J401XF8W9F9FXA9R3"])
    campaign_sites: list[CampaignSiteIn] = Field([], max_length=1_000)
    source: Annotated[str, Field(max_length=200)] = ""
    medium: Annotated[str, Field(max_length=200)] = ""

    def given_sites(self) -> dict[str, Any]:
        campaigns = [CampaignSite(one.campaign_id, one.site_id) for one in self.campaign_sites]
        return {**self.model_dump(), "campaign_sites": campaigns}


class AdAccountsOut(PageOut[AdAccountOut]):
    """By id."""


class ListedAccountsOut(Out):
    """How many accounts the platform lists."""

    listed: int


class ChosenAccountsIn(In):
    """The accounts to read, by id. Those that are left out are read no more."""

    external_ids: Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=1_000)] = Field(
        examples=[["manual"]]
    )
