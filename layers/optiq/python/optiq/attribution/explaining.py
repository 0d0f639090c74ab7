"""Why a conversion is credited as it is: the ledger says."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from optiq.attribution import lake_reading
from optiq.attribution.contracts import ConversionCredits, Credit, CreditStatus, Evidence, Explanation, Model, Path
from optiq.attribution.path import left_out
from optiq.attribution.path_table import path_of
from optiq.attribution.terms import current
from optiq.journeys import api as journeys
from optiq.journeys.contracts import Conversion, Touch
from optiq.kernel.clock import DAY_MS, from_rfc3339
from optiq.tenancy import api as tenancy

_Row = dict[str, Any]


def explain(organization_id: str, site_id: str, conversion_id: str, as_of_ms: int | None) -> Explanation:
    """Raises NotFoundError when the organization has no such site, or the site no such conversion."""
    site = tenancy.get_site(organization_id, site_id)
    terms = current(site)
    conversion = journeys.get_conversion(organization_id, site_id, conversion_id)
    history, background = journeys.conversion_background(organization_id, site_id, conversion.conversion_id)
    rows = lake_reading.credits_of(conversion, terms.longest_window_days, as_of_ms)
    credited = _credited(conversion, rows, history.touches) if _stand(rows, conversion, as_of_ms) else None
    path = credited.path if credited else path_of(history, terms)
    return Explanation(
        path=path,
        status=CreditStatus.COMPUTED if credited else CreditStatus.PENDING,
        credits=credited,
        left_out=left_out(path, history.touches),
        late=history.late,
        background=replace(background, passed=tuple(v for v in background.passed if _within(path, v.started_ms))),
        channel_rules={
            r["touch_id"]: r["channel_rules_version"] for r in rows if r["channel_rules_version"] is not None
        },
    )


def _stand(rows: Sequence[_Row], conversion: Conversion, as_of_ms: int | None) -> bool:
    """Whether the credits are of the conversion's present revision, or of an earlier day's ledger, as asked for."""
    return bool(rows) and (as_of_ms is not None or rows[0]["revision"] >= conversion.revision)


def _credited(conversion: Conversion, rows: Sequence[_Row], known: Sequence[Touch]) -> ConversionCredits:
    """The credits, of the conversion at the value it had then."""
    first, touches = rows[0], {touch.touch_id: touch for touch in known}
    conversion = replace(conversion, value_micros=first["value_micros"], currency=first["currency"])
    return ConversionCredits(
        path=Path(
            conversion=conversion,
            window_days=first["window_days"],
            touches=tuple(_touch(row, touches.get(row["touch_id"])) for row in rows if row["touch_id"]),
            evidence=Evidence(first["evidence"]),
        ),
        credits={model: shares for model in Model if (shares := _shares(rows, model))},
        computed_ms=from_rfc3339(first["computed_at"]),
        settings_version=first["settings_version"],
        fit_version=first["fit_version"],
        engine_version=first["engine_version"],
    )


def _within(path: Path, instant_ms: int) -> bool:
    return 0 <= path.conversion.occurred_ms - instant_ms <= path.window_days * DAY_MS


def _shares(rows: Sequence[_Row], model: Model) -> tuple[Credit, ...]:
    """What a model gives each row; nothing when it was not computed."""
    weight, micros = f"{model.lower()}_weight", f"{model.lower()}_micros"
    return tuple(Credit(row[weight], row[micros]) for row in rows if row[weight] is not None)


def _touch(row: _Row, known: Touch | None) -> Touch:
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
