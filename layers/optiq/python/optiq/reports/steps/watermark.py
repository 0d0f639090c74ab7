"""Until when `steps` has what came in, and what it lacks."""

from optiq.reports.steps.records import StepsStateRecord, known_days


def complete_until(organization_id: str) -> int:
    """An instant in milliseconds; 0 before the first day was made."""
    record = StepsStateRecord.at(organization_id)
    try:
        return int(StepsStateRecord.get(record.pk, record.sk).until_ms)
    except StepsStateRecord.DoesNotExist:
        return 0


def damaged_sources(organization_id: str, first: str, last: str) -> list[str]:
    """The files that could not be read when these UTC days were made."""
    return sorted({path for record in known_days(organization_id, first, last) for path in record.damaged or ()})
