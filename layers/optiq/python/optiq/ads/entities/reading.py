"""What people and reports read of entities."""

from collections.abc import Iterable, Mapping
from itertools import islice

from optiq.ads import keys
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.entities import stored
from optiq.ads.entities.contracts import Entity
from optiq.ads.entities.records import EntityRecord
from optiq.ads.keys import Account
from optiq.ads.platforms.reported import EntityId, EntityLevel
from optiq.kernel.caller import Caller
from optiq.kernel.paging import Page, page_of, place_after


def page(
    caller: Caller,
    platform: str,
    external_id: str,
    level: EntityLevel,
    *,
    campaign_id: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Entity]:
    """A page of an account's campaigns, groups or ads, by id; those of a campaign where one is given.

    Raises:
        NotFoundError: there is no such account. InvalidError: another list's cursor.
    """
    ACCOUNTS.get(caller, platform, external_id)
    account = (caller.organization_id, platform, external_id)
    ids = (campaign_id, "") if campaign_id and level != "CAMPAIGN" else (campaign_id,)
    prefix = keys.entity(*account, level, *ids)
    of_list = f"{prefix.pk}:{prefix.sk}"
    after = place_after(cursor, of_list)
    found = EntityRecord.query(
        prefix.pk, EntityRecord.sk.between(after or prefix.sk, f"{prefix.sk}~"), page_size=limit + 2
    )
    listed_ms = stored.listing_of(account).listed_ms
    behind = (stored.read(record, listed_ms) for record in found if record.sk != after)
    return page_of(of_list, list(islice(behind, limit + 1)), limit, lambda one: stored.sort_key(one.id))


def is_known(account: Account, one: EntityId) -> bool:
    """Whether an account has, or had, an entity."""
    try:
        EntityRecord.get(*keys.entity(*account, one.level, *stored.ids_of(one)))
    except EntityRecord.DoesNotExist:
        return False
    return True


def list_digest(account: Account) -> str:
    """Another one when an account's lists changed; "" before they were read."""
    return stored.listing_of(account).digest


def names(
    wanted: Iterable[tuple[Account, EntityId]], at_ms: int | None = None
) -> Mapping[tuple[Account, EntityId], str]:
    """The newest names of entities, or those they had at an instant. One that is not known has its id for a name."""
    by_key = {tuple(keys.entity(*of, one.level, *stored.ids_of(one))): (of, one) for of, one in wanted}
    found = {(of, one): one.external_id for of, one in by_key.values()}
    for record in EntityRecord.batch_get(list(by_key)):
        entity = stored.read(record, 0)
        found[by_key[record.pk, record.sk]] = entity.name if at_ms is None else entity.name_at(at_ms)
    return found
