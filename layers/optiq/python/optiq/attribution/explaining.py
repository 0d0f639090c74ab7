"""Why a conversion is credited as it is: the ledger says."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from optiq.attribution import lake_reading
from optiq.attribution.contracts import ConversionCredits, Credit, CreditStatus, Explanation, Model, Path
from optiq.attribution.path import left_out
from optiq.attribution.path_table import path_of
from optiq.attribution.terms import current
from optiq.journeys import api as journeys
from optiq.journeys.contracts import Conversion, ConversionPath, ConversionRef, Touch
from optiq.kernel.clock import from_rfc3339
from optiq.tenancy import api as tenancy


def explain(organization_id: str, site_id: str, conversion_id: str) -> Explanation:
    """Raises NotFoundError when the organization has no such site, or the site no such conversion."""
    site = tenancy.get_site(organization_id, site_id)
    conversion = journeys.get_conversion(organization_id, site_id, conversion_id)
    reference = ConversionRef(organization_id, site_id, conversion.customer_id, conversion_id)
    history = next(iter(journeys.conversion_paths([reference])), ConversionPath(conversion, ()))
    credited = _credits_of(conversion, history.touches)
    path = credited.path if credited else path_of(history, current(site))
    return Explanation(
        path=path,
        status=CreditStatus.COMPUTED if credited else CreditStatus.PENDING,
        credits=credited,
        left_out=left_out(path, history.touches),
        late=history.late,
    )


def _credits_of(conversion: Conversion, known: Sequence[Touch]) -> ConversionCredits | None:
    """The credits of the conversion's present revision, if they are computed."""
    rows = lake_reading.credits_of(conversion)
    if not rows or rows[0]["revision"] < conversion.revision:
        return None
    touches = {touch.touch_id: touch for touch in known}
    return ConversionCredits(
        path=Path(
            conversion=conversion,
            window_days=rows[0]["window_days"],
            touches=tuple(_touch(row, touches.get(row["touch_id"])) for row in rows if row["touch_id"]),
        ),
        credits={model: shares for model in Model if (shares := _shares(rows, model))},
        computed_ms=from_rfc3339(rows[0]["computed_at"]),
    )


def _shares(rows: Sequence[dict[str, Any]], model: Model) -> tuple[Credit, ...]:
    """What a model gives each row; nothing when it was not computed."""
    weight, micros = f"{model.lower()}_weight", f"{model.lower()}_micros"
    return tuple(Credit(row[weight], row[micros]) for row in rows if row[weight] is not None)


def _touch(row: dict[str, Any], known: Touch | None) -> Touch:
    """A touch as it was credited; what the ledger does not keep of it is as it is now, or empty."""
    touch = known or Touch(row["touch_id"], "", 0, "", "", "", "", "", "", "", (), "", "")
    return replace(
        touch,
        occurred_ms=from_rfc3339(row["touch_at"]),
        channel=row["channel"],
        source=row["source"],
        medium=row["medium"],
        campaign=row["campaign"],
        content=row["ad"],
        landing_page=row["landing_page"],
    )
