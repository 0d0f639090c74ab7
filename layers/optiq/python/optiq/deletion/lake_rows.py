"""The rows of the lake that belong to what is deleted.

Of an organization every file goes; of sites each file is rewritten without their rows (ports/lake_rewriting.py).
"""

from collections.abc import Callable, Iterator

from optiq.deletion.contracts import Deletion
from optiq.kernel.lake_tables import LakeTable
from optiq.kernel.manifest import lake_tables
from optiq.ports import wiring
from optiq.ports.lake import DamagedFileError, Lake
from optiq.ports.lake_rewriting import Edit, is_in, rewrite

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
    for table, day in _days(lake, deletion, place):
        _remove_of_day(lake, deletion, table, day)
        if stop():
            return f"{table}/{day}"
    return ""


def left(deletion: Deletion) -> int:
    """How much there is still: days with files of an organization, rows of sites. Raises UpstreamError."""
    if deletion.kind == "ORGANIZATION":
        return sum(1 for _ in _days(wiring.lake(), deletion, ""))
    return sum(_rows(table, deletion) for table in _tables(deletion))


def _tables(deletion: Deletion) -> list[LakeTable]:
    """The tables that may have such rows, by name."""
    own = [table for _, table in sorted(lake_tables().items()) if not table.shared]
    if deletion.kind == "ORGANIZATION":
        return own
    return [table for table in own if _SITE in table.columns and deletion.kind != "ACCOUNT"]


def _days(lake: Lake, deletion: Deletion, place: str) -> Iterator[tuple[str, str]]:
    """The tables and days with files after a place, in their order."""
    table, _, day = place.partition("/")
    for one in _tables(deletion):
        days = dict.fromkeys(file.day for file in lake.files(one.name, deletion.organization_id))
        yield from ((one.name, each) for each in days if (one.name, each) > (table, day))


def _remove_of_day(lake: Lake, deletion: Deletion, table: str, day: str) -> None:
    organization_id = deletion.organization_id
    if deletion.kind == "ORGANIZATION":
        for file in lake.files(table, organization_id, day, day):
            lake.remove(file)
        return
    edit = Edit(lambda rows: is_in(rows, _SITE, deletion.owners))
    if damaged := rewrite(lake, table, organization_id, edit, day, day).damaged:
        raise DamagedFileError(damaged[0])


def _rows(table: LakeTable, deletion: Deletion) -> int:
    organization = deletion.kind == "ORGANIZATION"
    sites = [] if organization else sorted(deletion.owners)
    where = "" if organization else f" WHERE {_SITE} IN ({', '.join('?' * len(sites))})"
    sql = f"SELECT count(*) FROM (SELECT DISTINCT {', '.join(table.key)} FROM {table.name}{where})"  # noqa: S608 - names are ours
    ((number,),) = wiring.query().run(sql, deletion.organization_id, sites).rows
    return int(number or 0)
