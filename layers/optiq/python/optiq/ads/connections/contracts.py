"""Connections to advertising platforms, and the accounts that are read through them."""

from dataclasses import dataclass
from typing import Literal

ConnectionStatus = Literal["CONNECTED", "EXPIRING", "REAUTH_REQUIRED", "DISCONNECTED"]
AccountStatus = Literal["ACTIVE", "INACTIVE", "NO_ACCESS"]


@dataclass(frozen=True, slots=True)
class Connection:
    """A permission that somebody granted at a platform.

    Attributes:
        status: EXPIRING: it ends at `expires_ms` and cannot be renewed. REAUTH_REQUIRED: a person must connect again.
        reason: why, in words; "" for CONNECTED.
        granted_by: the actor who granted it last. granted_ms: when.
        scopes: as the platform names what was permitted.
        expires_ms: when the permission ends unless it is renewed, or None.
        check_ms: when to renew it, or to warn of its end; None where its use renews it, or it never ends.
    """

    organization_id: str
    connection_id: str
    platform: str
    status: ConnectionStatus
    granted_by: str
    granted_ms: int
    created_ms: int
    reason: str = ""
    scopes: tuple[str, ...] = ()
    expires_ms: int | None = None
    check_ms: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class CampaignSite:
    """A campaign whose costs are of a site of its own, whatever site its account's are of."""

    campaign_id: str
    site_id: str


@dataclass(frozen=True, slots=True)
class AdAccount:
    """An advertising account, one for each platform and id in an organization.

    Attributes:
        connection_id: the connection that it is read through. It stays when somebody connects again.
        currency, timezone: the account's own, in which its money and days are.
        chosen: its spend is to be read.
        status: INACTIVE: closed or suspended at the platform. NO_ACCESS: the login may not read it. History stays.
        platform_status: the platform's own word.
        login_id: the account that the platform wants named when this one is read; "" for none.
        site_id: the site that its costs are of; "" for none, so that no site's reports have them.
        campaign_sites: campaigns that are of another site than the account.
        source, medium: by which links name visits of its ads; "" for those that are usual for the platform.
    """

    organization_id: str
    platform: str
    external_id: str
    connection_id: str
    name: str
    currency: str
    timezone: str
    created_ms: int
    status: AccountStatus = "ACTIVE"
    platform_status: str = ""
    login_id: str = ""
    chosen: bool = False
    site_id: str = ""
    campaign_sites: tuple[CampaignSite, ...] = ()
    source: str = ""
    medium: str = ""
    version: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """Organization, platform and id."""
        return self.organization_id, self.platform, self.external_id


@dataclass(frozen=True, slots=True)
class OfferedPlatform:
    """A platform. `configured`: people can connect it here. `signs_in`: they do so at the platform's own page."""

    platform: str
    title: str
    signs_in: bool
    configured: bool


@dataclass(frozen=True, slots=True)
class ConnectStart:
    """What connecting begins with: the page to send the person to, or, without a sign-in, the connection.

    Attributes:
        url: "" where the platform needs no sign-in. expires_ms: until when the person can come back.
    """

    url: str = ""
    expires_ms: int | None = None
    connection: Connection | None = None


@dataclass(frozen=True, slots=True)
class AdConnectionFailing:
    """A fact for other contexts: a connection needs a person soon, or at once.

    Attributes:
        status: EXPIRING or REAUTH_REQUIRED. reason: in words, without a secret.
    """

    connection_id: str
    platform: str
    status: str
    reason: str
