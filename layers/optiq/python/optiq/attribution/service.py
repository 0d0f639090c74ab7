"""Crediting conversions as they arrive."""

from collections import defaultdict
from collections.abc import Sequence

import pyarrow as pa

from optiq.attribution import terms
from optiq.attribution.lake_rows import append_credits
from optiq.attribution.ledger import CREDIT_SCHEMA, credit_paths
from optiq.attribution.path_table import from_histories
from optiq.journeys import api as journeys
from optiq.journeys.contracts import ConversionPath, ConversionRef
from optiq.tenancy import api as tenancy


def credit_arrivals(refs: Sequence[ConversionRef], now_ms: int) -> None:
    """Credits the conversions as they stand now; those that no longer exist are passed over. May be repeated."""
    # Two names of one customer may lead to one conversion.
    found = {item.conversion.conversion_id: item for item in journeys.conversion_paths(list(dict.fromkeys(refs)))}
    by_site: dict[tuple[str, str], list[ConversionPath]] = defaultdict(list)
    for item in found.values():
        by_site[item.conversion.organization_id, item.conversion.site_id].append(item)
    tables: dict[str, list[pa.Table]] = defaultdict(list)
    for (organization_id, site_id), histories in by_site.items():
        site = tenancy.get_site(organization_id, site_id)
        agreed = terms.in_force(site)
        paths = from_histories(site_id, histories, agreed)
        tables[organization_id].append(credit_paths(paths, agreed, now_ms).cast(CREDIT_SCHEMA))
    for organization_id, of_sites in tables.items():
        append_credits(organization_id, pa.concat_tables(of_sites))
