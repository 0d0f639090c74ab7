"""Opened links: read with their counts in one question, noted on the stream, counted behind it."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

from cachetools import TTLCache

from optiq.journeys import api as journeys
from optiq.kernel.errors import LimitExceededError
from optiq.kernel.ids import encode_ulid
from optiq.kernel.keys import Key
from optiq.kernel.limits import Buckets, Limit, sending_limits
from optiq.kernel.networks import senders_network
from optiq.kernel.stream_batch import Delivered
from optiq.kernel.stream_counts import count_once
from optiq.kernel.table import Record
from optiq.links.contracts import Link, LinkClicked, Opener, Opening
from optiq.links.records import LinkPartRecord
from optiq.ports import wiring
from optiq.ports.stream import Record as StreamRecord

CACHE_SECONDS = 30
"""How long a change of a link may take to hold everywhere. A link that ends after some clicks is read each time."""
_NETWORK_RATE, _NETWORK_BURST = 5, 500
"""Clicks of one network that are counted: a second, and at once. A whole office may scan one poster."""
# Programs that fetch an address to show what is behind it, by the names that their makers publish.
_PREVIEWS = (
    *("facebookexternalhit", "facebot", "whatsapp", "slackbot", "slack-imgproxy", "twitterbot", "linkedinbot"),
    *("discordbot", "telegrambot", "skypeuripreview", "pinterestbot", "redditbot", "embedly", "iframely", "viber"),
    *("line-poker", "snapchat-url-preview", "mastodon", "bluesky cardyb", "google-pagerenderer", "googledocs"),
)
_cache: TTLCache[str, Link] = TTLCache(maxsize=10_000, ttl=CACHE_SECONDS)


def link_id_of(domain: str, path: str) -> str:
    """The id that always belongs to a path on a domain."""
    return f"link_{encode_ulid(blake2b(f'{domain}/{path}'.encode(), digest_size=16).digest())}"


def key_of(link_id: str) -> Key:
    return Key(f"LINK#{link_id.removeprefix('link_')}", "LINK")


def cached(link_id: str) -> Link | None:
    return _cache.get(link_id)


def keep(link: Link) -> None:
    """Remembers a link for CACHE_SECONDS, unless its clicks may end it."""
    if link.max_clicks is None:
        _cache[link.link_id] = link


def forget(link_id: str) -> None:
    _cache.pop(link_id, None)


def records_of(link_id: str) -> list[Record]:
    """A link's own item and those that count its clicks, in one question."""
    return list(LinkPartRecord.query(key_of(link_id).pk))


@lru_cache(maxsize=1)
def networks() -> Limit:
    """What each network may click, in this process."""
    return Limit(Buckets(_NETWORK_RATE, _NETWORK_BURST))


def note(link: Link, opening: Opening) -> None:
    """Puts a click on the stream, unless its network or the link's site is over its limit. Raises UpstreamError."""
    if networks().take(senders_network(opening.ip)):
        return
    try:
        sending_limits().take(link.organization_id, link.site_id, 1)
    except LimitExceededError:
        return
    clicked = LinkClicked(
        organization_id=link.organization_id,
        site_id=link.site_id,
        link_id=link.link_id,
        opener=opener_of(opening),
    )
    data = clicked.model_dump_json().encode()
    wiring.stream().put([StreamRecord(link.link_id, clicked.type, data, link.organization_id)])


def opener_of(opening: Opening) -> Opener:
    agent = opening.user_agent.lower()
    if opening.head:
        return "head"
    if opening.ahead:
        return "prefetch"
    if any(name in agent for name in _PREVIEWS):
        return "preview"
    if not agent or journeys.is_robot(opening.user_agent):
        return "robot"
    return "qr" if opening.qr else "human"


def count(found: Sequence[Delivered[LinkClicked]]) -> None:
    """Counts clicks by opener, each once, however often it is delivered. Raises UpstreamError: let them come again."""
    count_once(found, lambda clicked: key_of(clicked.link_id).pk, lambda clicked: clicked.opener)
