"""Tracked links as the API writes them."""

from optiq.attribution.contracts import Model
from optiq.kernel.schemas import In, Instant, InstantIn, Micros, Out, PageOut
from optiq.links.contracts import Opener
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


class LinkOut(Out):
    """`address` is what people open. `version` grows by one with every change."""

    link_id: str
    address: str
    domain: str
    path: str
    target: str
    label: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    expires_at: Instant | None
    max_clicks: int | None
    active: bool
    created_at: Instant
    version: int


class LinksOut(PageOut[LinkOut]):
    """Newest first."""


class ClicksOut(Out):
    """`human` counts people, of them `qr` by the QR code; the others are no people."""

    human: int
    qr: int
    other: int
    by_opener: dict[Opener, int]


class EarnedOut(Out):
    model: Model
    conversions: float
    revenue_micros: Micros


class LinkReportOut(Out):
    """A link's clicks, the visitors it brought, and what each model credits it with, in the site's currency."""

    link: LinkOut
    clicks: ClicksOut
    visitors: int
    currency: str
    earned: list[EarnedOut]
