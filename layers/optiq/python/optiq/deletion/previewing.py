"""What a deletion would remove: what people read before they ask for it."""

from collections import Counter
from collections.abc import Mapping

from optiq.deletion import lake_rows, table_items, targets
from optiq.deletion.contracts import Deletion, Kind, Preview
from optiq.kernel.caller import Caller
from optiq.kernel.keys import site_partition
from optiq.kernel.manifest import contexts
from optiq.warehouse import api as warehouse

_MOST_ITEMS = 5_000
"""Counted in one partition: a preview must answer soon."""


def preview(caller: Caller, kind: Kind, target_id: str) -> Preview:
    """Raises NotFoundError; UpstreamError: the lake does not answer."""
    name = targets.find(caller, kind, target_id).name
    sites = targets.site_ids(kind, caller.organization_id, target_id)
    planned = Deletion(caller.organization_id, "", kind, target_id, name, caller.actor, 0, 0, sites=sites)
    items, complete = _items(planned)
    counts = dict(sorted(items.items())) | lake_rows.count(planned)
    copied_ms = warehouse.last_copy(caller).finished_ms
    return Preview(kind, target_id, name, counts, kept(kind), complete, copied_ms)


def kept(kind: Kind) -> Mapping[str, str]:
    """What stays after a deletion, and why."""
    if kind in ("SITE", "WORKSPACE"):
        return {}
    owner = "<user>" if kind == "ACCOUNT" else "<org>"
    items = (item for context in contexts() for item in context.items)
    return {item.entity: item.outlives for item in items if item.outlives and (owner in item.pk or item.owned_by)}


def _items(planned: Deletion) -> tuple[Counter[str], bool]:
    """What is in the partitions that are known. Customers and their events are counted in the lake."""
    organization_id = planned.organization_id
    sites = planned.owners - {organization_id} if planned.kind != "SITE" else planned.owners
    partitions = [f"ORG#{organization_id}", *(site_partition(organization_id, site) for site in sorted(sites))]
    counts: Counter[str] = Counter()
    complete = True
    for pk in partitions:
        found, whole = table_items.of_partition(pk, planned.owners, _MOST_ITEMS)
        counts += found
        complete = complete and whole
    return counts, complete
