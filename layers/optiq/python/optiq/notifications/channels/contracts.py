"""Where an organization wants messages: a channel of Slack, or a server of its own."""

from dataclasses import dataclass
from typing import Literal

from optiq.notifications.contracts import Severity

ChannelKind = Literal["SLACK", "WEBHOOK"]
ChannelStatus = Literal["ACTIVE", "PAUSED", "DISABLED", "REMOVED"]
"""DISABLED: its receiver wants nothing any more, or has failed for five days; `reason` says which."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of an organization, or of one of its sites.

    Attributes:
        site_id: "" for all sites.
        shown_url: the address without its secret part. sealed_url: all of it.
        takes: kinds of messages for SLACK, such as `alert`; types of events for WEBHOOK, such as `alert.triggered`.
        least: of SLACK: what is less severe is not sent.
        owner_id: who made it, and is told when it is disabled.
        sealed_secret: of WEBHOOK. sealed_old_secret: signs too, until `old_until_ms`.
        version: grows by one with every change.
    """

    organization_id: str
    channel_id: str
    kind: ChannelKind
    name: str
    site_id: str
    shown_url: str
    sealed_url: str
    takes: tuple[str, ...]
    owner_id: str
    created_ms: int
    least: Severity = "WARNING"
    status: ChannelStatus = "ACTIVE"
    reason: str = ""
    sealed_secret: str = ""
    sealed_old_secret: str = ""
    old_until_ms: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A channel, with the secret that is shown only now; "" for SLACK."""

    channel: Channel
    secret: str
