"""What rows of the ledger say of a dimension."""

from optiq.attribution.contracts import NO_TRACKED_VISIT
from optiq.reports.questions.resolved_sql import OF_PLATFORMS, of_resolved


def ledger_value(column: str) -> str:
    """The SQL of a dimension's value; for `customer` the row needs `first_id`, for those
    of platforms what `resolved_touches` joins. What has no touch is so named in every
    dimension of touches.
    """
    if column == "name":
        return column
    if column == "customer":
        return "CASE WHEN conversion_id = first_id THEN 'NEW' ELSE 'RETURNING' END"
    shown = of_resolved(column) if column in OF_PLATFORMS else column
    return f"CASE WHEN touch_id = '' THEN '{NO_TRACKED_VISIT}' ELSE {shown} END"
