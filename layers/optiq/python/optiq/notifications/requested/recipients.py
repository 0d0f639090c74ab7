"""Who gets a message, on which channels, and when: one delivery for each recipient and channel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from optiq.identity.people import api as people
from optiq.kernel.clock import parse_timezone
from optiq.mail import api as mails
from optiq.notifications.channels.stores import channels_of
from optiq.notifications.contracts import Channel, NotificationRequested, Severity
from optiq.notifications.preferences.api import effective, timing_of
from optiq.notifications.preferences.contracts import Timing
from optiq.notifications.preferences.timing import due
from optiq.tenancy.members import api as members

_RANKS: Mapping[Severity, int] = {"INFO": 0, "WARNING": 1, "CRITICAL": 2}


@dataclass(frozen=True, slots=True)
class Recipient:
    """
    Attributes:
        channel: None for the inbox of the console alone.
        target: the hash of an address, or the id of a channel. recipient: the user's id, or the target.
        to: the mail address, or "". due_ms, waits: as `timing.due`.
    """

    channel: Channel | None
    target: str
    recipient: str
    to: str = ""
    user_id: str = ""
    due_ms: int = 0
    waits: bool = False
    in_inbox: bool = False


def recipients_of(organization_id: str, asked: NotificationRequested, now_ms: int) -> Iterator[Recipient]:
    """Members who still may see it, as each chose; then other addresses; then channels."""
    may = [
        one
        for one in dict.fromkeys(asked.user_ids)
        if members.is_member(organization_id, one, now_ms)
        and (not asked.needs or asked.needs in members.permissions_of(organization_id, one, now_ms))
    ]
    found = people.people_of(may) if may else {}
    known = set()
    for user_id in may:
        if user_id in found:
            known.add(found[user_id].email.lower())
            yield _member(organization_id, user_id, found[user_id].email, found[user_id].timezone, asked, now_ms)
    for address in asked.addresses:
        if address.lower() not in known:
            at_ms, waits = _due(asked, "AT_ONCE", now_ms)
            target = mails.address_hash(address)
            yield Recipient("MAIL", target, target, to=address, due_ms=at_ms, waits=waits)
    for channel in channels_of(organization_id) if asked.to_channels else ():
        wanted = channel.kind == "SLACK" and channel.status == "ACTIVE" and asked.kind in channel.takes
        severe = _RANKS[asked.severity] >= _RANKS[channel.least]
        if wanted and severe and channel.site_id in ("", asked.site_id):
            at_ms, waits = _due(asked, "AT_ONCE", now_ms)
            yield Recipient("SLACK", channel.channel_id, channel.channel_id, due_ms=at_ms, waits=waits)


def _member(
    organization_id: str, user_id: str, email: str, timezone: str, asked: NotificationRequested, now_ms: int
) -> Recipient:
    own, common = effective(organization_id, user_id)
    by_mail = timing_of(asked.kind, "MAIL", own, common)
    chosen = own if own.quiet_from else common
    at_ms, waits = _due(
        asked, by_mail, now_ms, own.timezone or timezone or common.timezone, chosen.quiet_from, chosen.quiet_until
    )
    return Recipient(
        None if by_mail == "OFF" else "MAIL",
        mails.address_hash(email),
        user_id,
        to=email,
        user_id=user_id,
        due_ms=at_ms,
        waits=waits,
        in_inbox=timing_of(asked.kind, "INBOX", own, common) != "OFF",
    )


def _due(
    asked: NotificationRequested,
    timing: Timing,
    now_ms: int,
    timezone: str = "",
    quiet_from: str = "",
    quiet_until: str = "",
) -> tuple[int, bool]:
    zone: ZoneInfo = parse_timezone(timezone or asked.timezone)
    hours = (quiet_from, quiet_until) if quiet_from else (asked.quiet_from, asked.quiet_until)
    return due(asked.severity, timing, now_ms, zone, *hours)
