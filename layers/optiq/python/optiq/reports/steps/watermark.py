"""Until when `steps` has what came in, and what it lacks."""

from optiq.reports import keys
from optiq.reports.records import complete_until as run_until
from optiq.reports.steps.records import known_days


def complete_until(organization_id: str) -> int:
    """An instant in milliseconds; 0 before the first day was made."""
    return run_until(keys.steps_state(organization_id))


def damaged_sources(organization_id: str, first: str, last: str) -> list[str]:
    """The files that could not be read when these UTC days were made."""
    return sorted({path for record in known_days(organization_id, first, last) for path in record.damaged or ()})
