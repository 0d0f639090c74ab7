"""Entities in the table: all of an account in one partition, by level and ids."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from optiq.ads import keys
from optiq.ads.entities.contracts import Entity, EntityName
from optiq.ads.entities.records import EntityRecord, ListingRecord
from optiq.ads.keys import Account
from optiq.ads.platforms.reported import EntityId, EntityLevel
from optiq.kernel.table import Put, put_each, whole_or_none

LEVELS: tuple[EntityLevel, ...] = ("CAMPAIGN", "GROUP", "AD")


@dataclass(frozen=True, slots=True)
class Listing:
    """When an account's lists were read last, and their digest; 0 and "" for never."""

    listed_ms: int = 0
    digest: str = ""


def listing_of(account: Account) -> Listing:
    try:
        record = ListingRecord.get(*keys.listing(*account), consistent_read=True)
    except ListingRecord.DoesNotExist:
        return Listing()
    return Listing(int(record.listed_ms), record.digest)


def note_listing(account: Account, listing: Listing) -> None:
    """Whoever has the account's lease may."""
    ListingRecord(*keys.listing(*account), listed_ms=listing.listed_ms, digest=listing.digest).save()


def all_of(account: Account, levels: Iterable[EntityLevel] = LEVELS) -> list[Entity]:
    """An account's entities of some levels, by level and id."""
    listed_ms = listing_of(account).listed_ms
    found: list[Entity] = []
    for level in levels:
        prefix = keys.entity(*account, level, "")
        records = EntityRecord.query(prefix.pk, EntityRecord.sk.startswith(prefix.sk), consistent_read=True)
        found += [read(record, listed_ms) for record in records]
    return found


def ids(account: Account, levels: Iterable[EntityLevel]) -> set[EntityId]:
    """The ids of an account's entities of some levels, which take a third of the work of the entities."""
    found: set[EntityId] = set()
    for level in levels:
        prefix = keys.entity(*account, level, "")
        below = EntityRecord.sk.startswith(prefix.sk)
        records = EntityRecord.query(prefix.pk, below, consistent_read=True, attributes_to_get=["sk"])
        found |= {id_in(record.sk) for record in records}
    return found


def keep(account: Account, entities: Iterable[Entity]) -> None:
    put_each([Put(_record(account, one), None) for one in entities])


def sort_key(one: EntityId) -> str:
    return keys.entity("", "", "", one.level, *ids_of(one)).sk


def id_in(sort_key: str) -> EntityId:
    """The id in a key such as `AD#campaign#group#ad`."""
    level, *ids = sort_key.split("#")
    (of,) = (one for one in LEVELS if one == level)
    return EntityId(of, ids[-1], ids[0], ids[1] if len(ids) > 1 else "")


def ids_of(one: EntityId) -> tuple[str, ...]:
    """The ids of its key, from the campaign's down."""
    by_level = {"CAMPAIGN": (one.campaign_id,), "GROUP": (one.campaign_id, one.group_id)}
    return by_level.get(one.level, (one.campaign_id, one.group_id, one.external_id))


def read(record: EntityRecord, listed_ms: int) -> Entity:
    one = id_in(record.sk)
    return Entity(
        one.level,
        one.external_id,
        one.campaign_id,
        one.group_id,
        tuple(EntityName(name, since_ms) for name, since_ms in record.names),
        platform_status=record.platform_status,
        kind=record.kind,
        first_seen_ms=int(record.first_seen_ms),
        last_seen_ms=listed_ms if record.last_seen_ms is None else int(record.last_seen_ms),
        gone_ms=whole_or_none(record.gone_ms),
    )


def _record(account: Account, one: Entity) -> EntityRecord:
    return EntityRecord(
        *keys.entity(*account, one.level, *ids_of(one.id)),
        names=[astuple(name) for name in one.names],
        platform_status=one.platform_status,
        kind=one.kind,
        first_seen_ms=one.first_seen_ms,
        last_seen_ms=None if one.gone_ms is None else one.last_seen_ms,
        gone_ms=one.gone_ms,
    )
