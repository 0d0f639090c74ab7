"""Channels in the table, and their secrets."""

import base64
from collections.abc import Mapping
from urllib.parse import urlsplit

from optiq.audit.contracts import Json
from optiq.kernel.sealing import seal, unseal
from optiq.notifications import keys
from optiq.notifications.channels.contracts import Channel
from optiq.store.api import Store, audited_fields

_PURPOSE = "channel"
_SHOWN = 4


def _audited(channel: Channel) -> Mapping[str, Json]:
    """The audit log has no secret, sealed or not: an entry is never deleted."""
    return {name: value for name, value in audited_fields(channel).items() if not name.startswith("sealed_")}


CHANNELS = Store(Channel, "channel", keys.channel, audited=_audited)


def sealed(organization_id: str, channel_id: str, text: str) -> str:
    return base64.b64encode(seal(text.encode(), channel_id, _PURPOSE, organization_id)).decode()


def unsealed(channel: Channel, text: str) -> str:
    return unseal(base64.b64decode(text), channel.channel_id, _PURPOSE, channel.organization_id).decode()


def url_of(channel: Channel) -> str:
    return unsealed(channel, channel.sealed_url)


def secrets_of(channel: Channel, now_ms: int) -> list[str]:
    """The secrets that sign a message: two while its owner changes to a new one."""
    current = [channel.sealed_secret]
    if channel.sealed_old_secret and now_ms < channel.old_until_ms:
        current.append(channel.sealed_old_secret)
    return [unsealed(channel, each) for each in current]


def masked(url: str) -> str:
    """The address without its path, which may be a secret, but for its end."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…{url[-_SHOWN:] if len(parts.path) > 2 * _SHOWN else ''}"


def channels_of(organization_id: str) -> list[Channel]:
    """All channels of an organization that were not removed."""
    return [one for one in CHANNELS.all_of(organization_id) if one.status != "REMOVED"]
