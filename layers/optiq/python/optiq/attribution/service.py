"""Crediting conversions as they arrive."""

from collections import defaultdict
from collections.abc import Sequence

import pyarrow as pa

from optiq.attribution import terms
from optiq.attribution.lake_rows import append_credits
from optiq.attribution.ledger import CREDIT_SCHEMA, credit_paths, taken_back
from optiq.attribution.path_table import from_histories
from optiq.journeys import api as journeys
from optiq.journeys.contracts import ConversionRef
from optiq.kernel.counts import count
from optiq.tenancy import api as tenancy


def credit_arrivals(refs: Sequence[ConversionRef], now_ms: int) -> None:
    """Credits the conversions as they stand now, and takes credits back from those that became a part of another.

    Those that do not exist are passed over. May be repeated.
    """
    by_site: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for ref in refs:
        by_site[ref.organization_id, ref.site_id][ref.conversion_id] = None
    tables: dict[str, list[pa.Table]] = defaultdict(list)
    credited_conversions = 0
    for (organization_id, site_id), ids in by_site.items():
        agreed = terms.in_force(tenancy.get_site(organization_id, site_id))
        histories = journeys.conversion_paths(organization_id, site_id, list(ids), agreed.longest_window_days)
        standing = [history for history in histories if not history.conversion.part_of]
        gone = [history.conversion for history in histories if history.conversion.part_of]
        credited_conversions += len(standing)
        credited = credit_paths(from_histories(site_id, standing, agreed), agreed, now_ms).cast(CREDIT_SCHEMA)
        tables[organization_id] += [credited, taken_back(gone, now_ms)]
    for organization_id, of_sites in tables.items():
        append_credits(organization_id, pa.concat_tables(of_sites))
    count("Credited", credited_conversions)
