"""An organization's channels: where it wants messages, and events for its own programs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict

from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.manifest import NoticeKind, notice_kinds, webhooks
from optiq.kernel.outside_targets import target_of
from optiq.kernel.paging import Page
from optiq.notifications.channels.contracts import Channel, ChannelKind, ChannelStatus, NewChannel
from optiq.notifications.channels.networks import permitted_networks
from optiq.notifications.channels.records import note_works
from optiq.notifications.channels.stores import CHANNELS, channels_of, masked, sealed, url_of
from optiq.notifications.contracts import Severity
from optiq.notifications.sending.addresses import check_url
from optiq.notifications.sending.standard_webhooks import new_secret
from optiq.tenancy import api as tenancy

__all__ = [
    "MOST_CHANNELS",
    "ROTATION_MS",
    "ChannelChange",
    "change_channel",
    "channels_of",
    "create_channel",
    "get_channel",
    "list_channels",
    "remove_channel",
    "rotate_secret",
    "shared_kinds",
]

MOST_CHANNELS = 50
ROTATION_MS = DAY_MS
"""For so long the old secret signs too."""
_LONGEST_NAME = 100


class ChannelChange(TypedDict, total=False):
    """What to change; what is absent stays."""

    name: str
    url: str
    takes: tuple[str, ...]
    least: Severity
    status: ChannelStatus


def create_channel(
    caller: Caller,
    *,
    kind: ChannelKind,
    name: str,
    url: str,
    takes: Sequence[str],
    site_id: str = "",
    least: Severity = "WARNING",
    clock: Clock = system_clock,
) -> NewChannel:
    """
    Raises:
        NotFoundError: there is no such site. InvalidError: a field that cannot be; the message begins with its name.
    """
    if site_id:
        tenancy.get_site(caller.organization_id, site_id)
    if len(channels_of(caller.organization_id)) >= MOST_CHANNELS:
        raise InvalidError(f"name: the organization has {MOST_CHANNELS} channels; remove one first")
    organization_id, channel_id = caller.organization_id, new_id("channel", clock())
    _check_address(url)
    secret = new_secret() if kind == "WEBHOOK" else ""
    channel = Channel(
        organization_id,
        channel_id,
        kind,
        checked_name(name, _LONGEST_NAME),
        site_id,
        masked(url),
        sealed(organization_id, channel_id, url),
        _checked_takes(kind, takes),
        caller.owner_id,
        clock(),
        least,
        sealed_secret=sealed(organization_id, channel_id, secret) if secret else "",
    )
    return NewChannel(CHANNELS.add(caller, channel, clock), secret)


def list_channels(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[Channel]:
    """A page of the organization's channels, newest first. Raises InvalidError for another list's cursor."""
    return CHANNELS.page_by_id(
        caller.organization_id,
        limit=limit,
        cursor=cursor,
        newest_first=True,
        where=lambda one: one.status != "REMOVED",
    )


def get_channel(caller: Caller, channel_id: str) -> Channel:
    """Raises NotFoundError."""
    found = CHANNELS.get(caller, channel_id)
    if found.status == "REMOVED":
        raise CHANNELS.unknown()
    return found


def change_channel(
    caller: Caller,
    channel_id: str,
    changes: ChannelChange,
    *,
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> Channel:
    """Changes a channel; one that is ACTIVE again begins as if it had never failed.

    Raises:
        NotFoundError: there is no such channel. InvalidError: as create_channel. VersionError: another version is
        stored.
    """
    before = get_channel(caller, channel_id)
    after = before
    if "url" in changes and changes["url"] != url_of(before):
        url = changes["url"]
        _check_address(url)
        after = replace(after, shown_url=masked(url), sealed_url=sealed(before.organization_id, channel_id, url))
    if "name" in changes:
        after = replace(after, name=checked_name(changes["name"], _LONGEST_NAME))
    if "takes" in changes:
        after = replace(after, takes=_checked_takes(before.kind, changes["takes"]))
    after = replace(after, least=changes.get("least", after.least))
    status = changes.get("status", before.status)
    if status != before.status:
        if status not in ("ACTIVE", "PAUSED"):
            raise InvalidError("status: must be ACTIVE or PAUSED")
        after = replace(after, status=status, reason="")
        note_works(before.organization_id, channel_id)
    return CHANNELS.change(caller, before, after, expected_version, clock)


def remove_channel(caller: Caller, channel_id: str, *, clock: Clock = system_clock) -> None:
    """Nothing is sent to it any more. Raises NotFoundError."""
    before = get_channel(caller, channel_id)
    CHANNELS.change(caller, before, replace(before, status="REMOVED"), clock=clock)


def rotate_secret(caller: Caller, channel_id: str, *, clock: Clock = system_clock) -> NewChannel:
    """A new secret; the old one signs too for ROTATION_MS.

    Raises:
        NotFoundError: there is no such channel. ConflictError: it is none that signs.
    """
    before = get_channel(caller, channel_id)
    if before.kind != "WEBHOOK":
        raise ConflictError("only webhooks have a secret")
    secret = new_secret()
    after = replace(
        before,
        sealed_secret=sealed(before.organization_id, channel_id, secret),
        sealed_old_secret=before.sealed_secret,
        old_until_ms=clock() + ROTATION_MS,
    )
    return NewChannel(CHANNELS.change(caller, before, after, clock=clock), secret)


def shared_kinds() -> list[NoticeKind]:
    """What a channel of Slack may take."""
    return [one for one in notice_kinds().values() if one.shared]


def _checked_takes(kind: ChannelKind, takes: Sequence[str]) -> tuple[str, ...]:
    known = sorted([one.name for one in shared_kinds()] if kind == "SLACK" else webhooks())
    if not takes:
        raise InvalidError(f"takes: name at least one of {', '.join(known)}")
    for place, one in enumerate(takes):
        if one not in known:
            raise InvalidError(f"takes.{place}: must be one of {', '.join(known)}")
    return tuple(dict.fromkeys(takes))


def _check_address(url: str) -> None:
    """Refuses an address that nothing is sent to; a name may lead elsewhere later, so each message looks again."""
    check_url("url", url)
    try:
        target_of(url, permitted_networks())
    except OSError as error:
        raise InvalidError("url: its name is not found; look for a misspelling, or at this server's DNS") from error
