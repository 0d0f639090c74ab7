"""What is missing from a report because files of the lake cannot be read."""

from collections.abc import Mapping

from optiq.ports import wiring


def damaged_files(organization_id: str, read: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """The places of those a query had to leave out, by the first and last day that it read of each table."""
    found = wiring.query().damaged_files(organization_id, [*read])
    return tuple(file.path for file in found if read[file.table][0] <= file.day <= read[file.table][1])
