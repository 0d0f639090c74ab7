"""Reads an account's campaigns, groups and ads, and writes what changed of them.

The lists are read whole or not at all. Equal lists cost one write, whatever the account has.
"""

from collections.abc import Collection, Iterable

from optiq.ads.connections.reader import Reader
from optiq.ads.digest import digest_of
from optiq.ads.entities import stored
from optiq.ads.entities.contracts import Entity
from optiq.ads.entities.merging import differs, gone, merged, only_reported
from optiq.ads.entities.stored import Listing
from optiq.ads.platforms.reported import EntityId, VendorEntity
from optiq.kernel.clock import HOUR_MS

_FRESH_MS = 12 * HOUR_MS


def refresh(reader: Reader, *, now: bool = False) -> int:
    """Reads the lists of an account, unless that was done within twelve hours; returns how many entities changed.

    Args:
        now: reads them in any case.

    Raises:
        NoCredentialError, PlatformError: as Reader; nothing was written.
    """
    key = reader.key
    before, now_ms = stored.listing_of(key), reader.clock()
    if not now and now_ms - before.listed_ms < _FRESH_MS:
        return 0
    listed = _listed(reader)
    digest = digest_of(listed)
    changed = _changes(reader, listed) if digest != before.digest else []
    # Those that are gone keep the instant of the listing before, so they are written before the next is noted.
    stored.keep(key, changed)
    stored.note_listing(key, Listing(now_ms, digest))
    return len(changed)


def note_reported(reader: Reader, reported: Iterable[EntityId]) -> int:
    """Asks for the names of entities that have numbers and are in no list; returns how many the platform knows.

    Raises:
        NoCredentialError, PlatformError: as Reader; nothing was written.
    """
    key, asked = reader.key, set(reported)
    missing = asked - stored.ids(key, {one.level for one in asked})
    found = _by_id(reader, missing)
    stored.keep(key, [only_reported(one, reader.clock()) for one in found])
    return len(found)


def _changes(reader: Reader, listed: Collection[VendorEntity]) -> list[Entity]:
    known = {one.id: one for one in stored.all_of(reader.key)}
    now_ms = reader.clock()
    after = merged(known, listed, now_ms)
    left = [one for one in known.values() if one.gone_ms is None and one.id not in after]
    still_known = {one.id: one for one in _by_id(reader, [one.id for one in left])}
    after |= {one.id: gone(one, still_known.get(one.id), now_ms) for one in left}
    return [one for one in after.values() if differs(known.get(one.id), one)]


def _listed(reader: Reader) -> list[VendorEntity]:
    one = reader.account
    return reader.ask(lambda platform, access: platform.entities(access, one.external_id, one.login_id))


def _by_id(reader: Reader, missing: Collection[EntityId]) -> list[VendorEntity]:
    if not missing:
        return []
    one = reader.account
    return reader.ask(lambda platform, access: platform.entities_by_id(access, one.external_id, one.login_id, missing))
