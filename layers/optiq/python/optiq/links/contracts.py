"""A tracked link, its clicks, and what it earned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from optiq.attribution.contracts import Earned
from optiq.kernel.hosts import host_of
from optiq.kernel.settings import settings

Opener = Literal["human", "qr", "robot", "preview", "prefetch", "head"]
"""Who opened a link: a person, of them those by its QR code; a robot; a program that shows a preview; a browser that
loads ahead; a request for the head alone."""
PARAMETER = "optiq_link"
"""Carries the link's id to the landing page, where it counts as a click id of the visit."""


@dataclass(frozen=True, slots=True)
class Link:
    """A short address on a domain, and where it leads.

    Attributes:
        link_id: follows from domain and path.
        target: an http or https address.
        utm_source … utm_content: added to the target, unless it has them.
        expires_ms: when it stops leading anywhere, or None. max_clicks: after so many clicks of people it does.
        version: grows by one with every change.
    """

    organization_id: str
    site_id: str
    link_id: str
    domain: str
    path: str
    target: str
    created_ms: int
    label: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    expires_ms: int | None = None
    max_clicks: int | None = None
    active: bool = True
    version: int = 0

    @property
    def address(self) -> str:
        """What people open; a QR code of it ends in `?q=1`."""
        own = settings().public_url.rstrip("/")
        return f"{own if host_of(own) == self.domain else f'https://{self.domain}'}/l/{self.path}"


@dataclass(frozen=True, slots=True)
class LinkDomain:
    """A domain other than Optiq's own that an organization's links are on: nobody else may have links there."""

    organization_id: str
    domain: str
    created_ms: int
    version: int = 0


class LinkClicked(BaseModel):
    """On the stream: a link was opened. The kind of opener is known: the event has no agent or address."""

    model_config = ConfigDict(frozen=True)

    type: Literal["LinkClicked"] = "LinkClicked"
    organization_id: str
    site_id: str
    link_id: str
    opener: Opener


@dataclass(frozen=True, slots=True)
class Opening:
    """How somebody asks for a link.

    Attributes:
        head: the head alone was asked for. ahead: a browser loads it before anybody wants it. qr: by the QR code.
    """

    user_agent: str = ""
    ip: str = ""
    head: bool = False
    ahead: bool = False
    qr: bool = False


@dataclass(frozen=True, slots=True)
class Clicks:
    """How often a link was opened, by opener; `qr` are people too."""

    by_opener: Mapping[str, int]

    @property
    def human(self) -> int:
        return self.by_opener.get("human", 0) + self.by_opener.get("qr", 0)

    @property
    def qr(self) -> int:
        return self.by_opener.get("qr", 0)

    @property
    def other(self) -> int:
        return sum(self.by_opener.values()) - self.human


@dataclass(frozen=True, slots=True)
class LinkReport:
    """A link's numbers: its visitors and what it earned, by the ledger as it stands."""

    link: Link
    clicks: Clicks
    visitors: int
    currency: str
    earned: tuple[Earned, ...]
