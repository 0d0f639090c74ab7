"""Opened links: read with their counts in one question, noted on the stream, counted behind it.

Each shard of the stream counts in an item of its own, which remembers the last record it counted. So a consumer that is
killed anywhere and reads again counts every click once.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

from cachetools import TTLCache

from optiq.journeys import api as journeys
from optiq.kernel.errors import LimitExceededError, UpstreamError
from optiq.kernel.ids import encode_ulid
from optiq.kernel.keys import Key
from optiq.kernel.limits import Buckets, Limit, sending_limits
from optiq.kernel.networks import senders_network
from optiq.kernel.stream_batch import Delivered
from optiq.kernel.table import Put, Record, put_each
from optiq.links.contracts import Clicks, Link, LinkClicked, Opener, Opening
from optiq.links.records import ClicksRecord, LinkPartRecord
from optiq.ports import wiring
from optiq.ports.stream import Record as StreamRecord

CACHE_SECONDS = 30
"""How long a change of a link may take to hold everywhere. A link that ends after some clicks is read each time."""
_NETWORK_RATE, _NETWORK_BURST = 5, 500
"""Clicks of one network that are counted: a second, and at once. A whole office may scan one poster."""
_CLICKS = "CLICKS#"
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


def clicks_in(records: Sequence[Record]) -> Clicks:
    """The sum of what all shards counted, of the records of a link."""
    total: Counter[Opener] = Counter()
    for record in records:
        total.update(getattr(record, "counts", None) or {})
    return Clicks(total)


def counted(link_id: str) -> Clicks:
    return clicks_in(list(ClicksRecord.query(key_of(link_id).pk, ClicksRecord.sk.startswith(_CLICKS))))


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
    """Counts clicks, each once, however often it is delivered.

    Raises:
        UpstreamError: somebody else counted the same records; let them come again.
    """
    by_item: dict[tuple[str, str], list[Delivered[LinkClicked]]] = defaultdict(list)
    for one in found:
        by_item[one.message.link_id, one.shard].append(one)
    keys = {item: Key(key_of(item[0]).pk, f"{_CLICKS}{item[1]}") for item in by_item}
    records = {
        Key(record.pk, record.sk): record
        for record in ClicksRecord.batch_get([tuple(key) for key in keys.values()], consistent_read=True)
    }
    puts = [put for item, key in keys.items() if (put := _put(key, records.get(key), by_item[item]))]
    if put_each(puts):
        raise UpstreamError("the same clicks were counted at the same time", retryable=True)


def _put(key: Key, before: ClicksRecord | None, found: Sequence[Delivered[LinkClicked]]) -> Put | None:
    watermark = str(before.watermark) if before else ""
    new = [one for one in found if one.place > watermark]
    if not new:
        return None
    old: Mapping[Opener, int] = before.counts if before else {}
    counts = Counter(old) + Counter(one.message.opener for one in new)
    record = ClicksRecord(key.pk, key.sk, counts=dict(counts), watermark=max(one.place for one in new))
    return Put(record, ClicksRecord.watermark == watermark if before else ClicksRecord.pk.does_not_exist())
