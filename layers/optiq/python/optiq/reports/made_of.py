"""What a day is made of: the files that lie in the lake for it."""

from collections import defaultdict
from collections.abc import Mapping

from optiq.kernel.lake_tables import LakeTable
from optiq.ports.lake import Lake

Files = Mapping[str, list[tuple[str, str]]]
"""By day: names and stamps of files."""


def files_by_day(lake: Lake, table: LakeTable, organization_id: str) -> Files:
    """Raises UpstreamError: the lake does not answer."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for file in lake.files(table.name, organization_id):
        found[file.day].append((file.name, file.stamp))
    return dict(found)
