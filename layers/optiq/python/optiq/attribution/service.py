"""Crediting conversions as they arrive, and keeping the credits."""

from collections.abc import Sequence

from optiq.attribution import path as paths
from optiq.attribution.contracts import ConversionCredits
from optiq.attribution.crediting import credit_conversions
from optiq.attribution.lake_rows import append_credits
from optiq.attribution.records import CreditsRecord
from optiq.journeys import api as journeys
from optiq.journeys.contracts import ConversionRef
from optiq.kernel.table import put_each
from optiq.tenancy import api as tenancy


def credit_arrivals(refs: Sequence[ConversionRef], now_ms: int) -> None:
    """Credits the conversions as they stand now; those that no longer exist are passed over. May be repeated."""
    # Two names of one customer may lead to one conversion.
    found = {item.conversion.conversion_id: item for item in journeys.conversion_paths(list(dict.fromkeys(refs)))}
    chosen = [
        paths.path_of(item, tenancy.get_site(item.conversion.organization_id, item.conversion.site_id).lookback_days)
        for item in found.values()
    ]
    keep(credit_conversions(chosen, now_ms))


def keep(credited: Sequence[ConversionCredits]) -> int:
    """Writes credits to the table and, where no later ones stood there, appends them to the lake; says how many.

    Killed in between, a repetition finds its own credits in the table, which are not later, and appends them.
    """
    lost = put_each([CreditsRecord.put_of(item) for item in credited])
    append_credits([item for position, item in enumerate(credited) if position not in lost])
    return len(credited) - len(lost)
