"""Tracked links as the API writes them."""

from optiq.attribution.contracts import Earned, Model
from optiq.kernel.schemas import In, InstantIn, Out, PageOut, shows
from optiq.links.contracts import Link, LinkReport, Opener
from pydantic import Field, StrictBool, StrictInt


class _Settings(In):
    """What a link is created with and may be changed to."""

    label: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    expires_at: InstantIn | None = None
    max_clicks: StrictInt | None = None
    active: StrictBool = True


class LinkIn(_Settings):
    """Without `domain`, the link is on Optiq's own. UTM parameters that the target has itself stay as they are."""

    path: str = Field(examples=["spring"])
    target: str = Field(examples=["https://shop.example/sale"])
    domain: str = ""


class LinkPatch(_Settings):
    """What to change; what is absent stays. With `version`, only while the link is of that version."""

    target: str = ""
    version: StrictInt | None = None


@shows(Link, but=("site_id",))
class LinkOut(Out):
    """`address` is what people open. `version` grows by one with every change."""

    address: str


class LinksOut(PageOut[LinkOut]):
    """Newest first."""


class ClicksOut(Out):
    """`human` counts people, of them `qr` by the QR code; the others are no people."""

    human: int
    qr: int
    other: int
    by_opener: dict[Opener, int]


@shows(Earned)
class EarnedOut(Out):
    model: Model


@shows(LinkReport)
class LinkReportOut(Out):
    """A link's clicks, the visitors it brought, and what each model credits it with, in the site's currency."""

    link: LinkOut
    clicks: ClicksOut
    earned: list[EarnedOut]
