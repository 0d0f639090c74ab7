"""What becomes of the entities that are known when the platform's lists are read again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from optiq.ads.entities.contracts import Entity, EntityName
from optiq.ads.platforms.reported import EntityId, VendorEntity

_NAMES_KEPT = 100


def merged(known: Mapping[EntityId, Entity], listed: Iterable[VendorEntity], now_ms: int) -> dict[EntityId, Entity]:
    """Those that the lists have, as they are now."""
    return {one.id: _as_listed(known.get(one.id), one, now_ms) for one in listed}


def gone(one: Entity, by_id: VendorEntity | None, now_ms: int) -> Entity:
    """One that the lists lack from now on; `by_id` is what the platform still says of it, if anything."""
    seen_ms = one.last_seen_ms
    if by_id is not None:
        one = _as_listed(one, by_id, now_ms)
    return replace(one, last_seen_ms=seen_ms, gone_ms=one.gone_ms or now_ms)


def only_reported(one: VendorEntity, now_ms: int) -> Entity:
    """One that has numbers and that the lists never had."""
    return replace(_as_listed(None, one, now_ms), gone_ms=now_ms)


def differs(before: Entity | None, after: Entity) -> bool:
    """Whether there is something to write: that it is still listed is written once for the whole account."""
    return before is None or replace(before, last_seen_ms=after.last_seen_ms) != after


def _as_listed(before: Entity | None, one: VendorEntity, now_ms: int) -> Entity:
    names = before.names if before else ()
    if not names or names[-1].name != one.name:
        names = (*names, EntityName(one.name, now_ms))[-_NAMES_KEPT:]
    return Entity(
        one.id.level,
        one.id.external_id,
        one.id.campaign_id,
        one.id.group_id,
        names,
        platform_status=one.status,
        kind=one.kind,
        first_seen_ms=before.first_seen_ms if before else now_ms,
        last_seen_ms=now_ms,
    )
