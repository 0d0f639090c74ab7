"""Reads an account's campaigns, groups and ads, and writes what changed of them.

The lists are read whole or not at all. Equal lists cost one write, whatever the account has.
"""

from collections.abc import Collection, Iterable

from optiq.ads.connections.asking import asking
from optiq.ads.connections.contracts import AdAccount, Connection
from optiq.ads.digest import digest_of
from optiq.ads.entities import stored
from optiq.ads.entities.contracts import Entity
from optiq.ads.entities.merging import differs, gone, merged, only_reported
from optiq.ads.entities.stored import Listing
from optiq.ads.keys import Account
from optiq.ads.platforms.contract import EntityId, Platform, VendorEntity
from optiq.ads.platforms.registry import reporting
from optiq.kernel.clock import HOUR_MS, Clock

_FRESH_MS = 12 * HOUR_MS


def refresh(connection: Connection, account: AdAccount, clock: Clock, *, now: bool = False) -> int:
    """Reads the lists of an account, unless that was done within twelve hours; returns how many entities changed.

    Args:
        now: reads them in any case.

    Raises:
        NoCredentialError, PlatformError: as `asking`; nothing was written.
    """
    key = _key_of(account)
    before, now_ms = stored.listing_of(key), clock()
    if not now and now_ms - before.listed_ms < _FRESH_MS:
        return 0
    listed = _listed(connection, account, clock)
    digest = digest_of(listed)
    changed = _changes(connection, account, listed, clock) if digest != before.digest else []
    # Those that are gone keep the instant of the listing before, so they are written before the next is noted.
    stored.keep(key, changed)
    stored.note_listing(key, Listing(now_ms, digest))
    return len(changed)


def note_reported(connection: Connection, account: AdAccount, reported: Iterable[EntityId], clock: Clock) -> int:
    """Asks for the names of entities that have numbers and are in no list; returns how many the platform knows.

    Raises:
        NoCredentialError, PlatformError: as `asking`; nothing was written.
    """
    key, asked = _key_of(account), set(reported)
    missing = asked - {one.id for one in stored.all_of(key)} if asked else asked
    found = _by_id(connection, account, missing, clock)
    stored.keep(key, [only_reported(one, clock()) for one in found])
    return len(found)


def _changes(
    connection: Connection, account: AdAccount, listed: Collection[VendorEntity], clock: Clock
) -> list[Entity]:
    known = {one.id: one for one in stored.all_of(_key_of(account))}
    now_ms = clock()
    after = merged(known, listed, now_ms)
    left = [one for one in known.values() if one.gone_ms is None and one.id not in after]
    still_known = {one.id: one for one in _by_id(connection, account, [one.id for one in left], clock)}
    after |= {one.id: gone(one, still_known.get(one.id), now_ms) for one in left}
    return [one for one in after.values() if differs(known.get(one.id), one)]


def _listed(connection: Connection, account: AdAccount, clock: Clock) -> list[VendorEntity]:
    def ask(platform: Platform, access: str) -> list[VendorEntity]:
        return reporting(platform).entities(access, account.external_id, account.login_id)

    return asking(connection, ask, clock=clock)


def _by_id(
    connection: Connection, account: AdAccount, missing: Collection[EntityId], clock: Clock
) -> list[VendorEntity]:
    if not missing:
        return []

    def ask(platform: Platform, access: str) -> list[VendorEntity]:
        return reporting(platform).entities_by_id(access, account.external_id, account.login_id, missing)

    return asking(connection, ask, clock=clock)


def _key_of(account: AdAccount) -> Account:
    return account.organization_id, account.platform, account.external_id
