"""The rows of the lake that belong to what is deleted.

Of an organization every file goes. Of sites each file is written anew under its name without their rows: a stop
leaves the old file or the new one.
"""

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from optiq.deletion.contracts import Deletion
from optiq.kernel.lake_tables import LakeTable
from optiq.kernel.manifest import lake_tables
from optiq.ports import wiring
from optiq.ports.lake import Lake, LakeFile

_SITE = "site_id"


def count(deletion: Deletion) -> dict[str, int]:
    """How many rows each table has; versions of a row are one. Raises UpstreamError."""
    rows = {table.name: _rows(table, deletion) for table in _tables(deletion)}
    return {f"{name.replace('_', ' ')} (lake)": number for name, number in rows.items() if number}


def remove(deletion: Deletion, place: str, stop: Callable[[], bool]) -> str:
    """Removes rows from where `place` says; returns the place to go on from, "" at the end.

    Raises:
        UpstreamError: the lake does not answer. DamagedFileError: a file of a site cannot be read, so nobody knows
            whose rows it has: an operator repairs or removes it.
    """
    lake = wiring.lake()
    for file in _files(lake, deletion, place):
        if deletion.kind == "ORGANIZATION":
            lake.remove(file)
        else:
            _write_without(lake, file, deletion)
        if stop():
            return f"{file.table}/{file.day}/{file.name}"
    return ""


def left(deletion: Deletion) -> int:
    """How much there is still: files of an organization, rows of sites. Raises UpstreamError."""
    if deletion.kind == "ORGANIZATION":
        return sum(1 for _ in _files(wiring.lake(), deletion, ""))
    return sum(_rows(table, deletion) for table in _tables(deletion))


def _tables(deletion: Deletion) -> list[LakeTable]:
    """The tables that may have such rows, by name."""
    own = [table for _, table in sorted(lake_tables().items()) if not table.shared]
    if deletion.kind == "ORGANIZATION":
        return own
    return [table for table in own if _SITE in table.columns and deletion.kind != "ACCOUNT"]


def _files(lake: Lake, deletion: Deletion, place: str) -> Iterator[LakeFile]:
    """The files after a place, in the order of tables, days and names."""
    table, _, rest = place.partition("/")
    day, _, name = rest.partition("/")
    for one in _tables(deletion):
        if one.name < table:
            continue
        first = day if one.name == table else ""
        for file in lake.files(one.name, deletion.organization_id, first):
            if (file.table, file.day, file.name) > (table, day, name):
                yield file


def _write_without(lake: Lake, file: LakeFile, deletion: Deletion) -> None:
    rows = lake.read(file)
    if rows is None:  # It was merged or replaced meanwhile: the check afterwards finds its rows.
        return
    of_sites = pc.is_in(rows.column(_SITE), value_set=pa.array(sorted(deletion.owners)))
    kept = rows.filter(pc.invert(of_sites))
    if kept.num_rows == rows.num_rows:
        return
    if not kept.num_rows:
        lake.remove(file)
        return
    # What a merged file says of itself holds of its old rows.
    lake.append(file.table, file.organization_id, file.day, file.name, kept.replace_schema_metadata(None))


def _rows(table: LakeTable, deletion: Deletion) -> int:
    organization = deletion.kind == "ORGANIZATION"
    sites = [] if organization else sorted(deletion.owners)
    where = "" if organization else f" WHERE {_SITE} IN ({', '.join('?' * len(sites))})"
    sql = f"SELECT count(*) FROM (SELECT DISTINCT {', '.join(table.key)} FROM {table.name}{where})"  # noqa: S608 - names are ours
    ((number,),) = wiring.query().run(sql, deletion.organization_id, sites).rows
    return int(number or 0)
