"""What rows of the ledger say of a dimension."""

from optiq.attribution.contracts import NO_TRACKED_VISIT


def ledger_value(column: str) -> str:
    """The SQL of a dimension's value; for `customer` the row needs `first_at`. What has no touch is so named in every
    dimension of touches.
    """
    if column == "name":
        return column
    if column == "customer":
        return "CASE WHEN conversion_at = first_at THEN 'NEW' ELSE 'RETURNING' END"
    return f"CASE WHEN touch_id = '' THEN '{NO_TRACKED_VISIT}' ELSE {column} END"
