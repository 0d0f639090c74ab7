"""The rows of sites or of an organization as files of Parquet, to be downloaded: what people keep before they delete.

A file has some days of one table, so that each fits into an answer. A day is read when it is asked for: rows that
change meanwhile are in one file or the other as they are then.
"""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby

from pyarrow import parquet

from optiq.kernel.caller import Caller
from optiq.kernel.clock import parse_day
from optiq.kernel.errors import InvalidError
from optiq.kernel.lake_tables import LakeTable
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.warehouse.contracts import Piece
from optiq.warehouse.copying import own_tables, rows_of

PIECE_BYTES = 2_000_000
"""Of the lake's files that a piece has the rows of, unless a day has more."""
_SITE = "site_id"


def list_pieces(caller: Caller, *, site_id: str = "", workspace_id: str = "") -> list[Piece]:
    """The pieces of a site, of a workspace's sites, or of the whole organization.

    Raises:
        NotFoundError: there is no such site or workspace. UpstreamError: the lake does not answer.
    """
    sites = _sites(caller, site_id, workspace_id)
    return [piece for table in _tables(sites) for piece in _pieces(table, caller.organization_id)]


def read_piece(
    caller: Caller, table_name: str, *, first_day: str, last_day: str, site_id: str = "", workspace_id: str = ""
) -> bytes:
    """The rows of some days of a table as a file of Parquet: the latest version of each, without what was deleted.

    Raises:
        NotFoundError: there is no such site or workspace. InvalidError: table, first_day or last_day.
        UpstreamError: the lake does not answer.
    """
    sites = _sites(caller, site_id, workspace_id)
    table = next((one for one in _tables(sites) if one.name == table_name), None)
    if table is None:
        raise InvalidError("table: must be one of the list of pieces")
    for name, day in (("first_day", first_day), ("last_day", last_day)):
        try:
            parse_day(day)
        except InvalidError as error:
            raise InvalidError(f"{name}: {error}") from error
    sink = io.BytesIO()
    rows = rows_of(table, caller.organization_id, (first_day, last_day), sites)
    parquet.write_table(rows, sink, compression="zstd")
    return sink.getvalue()


def _sites(caller: Caller, site_id: str, workspace_id: str) -> Sequence[str] | None:
    """None for all of the organization."""
    if site_id:
        return (tenancy.get_site(caller.organization_id, site_id).site_id,)
    if workspace_id:
        tenancy.deletable(caller, "WORKSPACE", workspace_id)
        return tuple(one.site_id for one in tenancy.sites_of(caller.organization_id, workspace_id))
    return None


def _tables(sites: Sequence[str] | None) -> list[LakeTable]:
    return [table for table in own_tables() if sites is None or _SITE in table.columns]


def _pieces(table: LakeTable, organization_id: str) -> Iterator[Piece]:
    files = sorted(wiring.lake().files(table.name, organization_id), key=lambda one: one.day)
    first, last, size = "", "", 0
    for day, of_day in groupby(files, lambda one: one.day):
        more = sum(one.size for one in of_day)
        if first and size + more > PIECE_BYTES:
            yield Piece(table.name, first, last, size)
            first, size = "", 0
        first, last, size = first or day, day, size + more
    if first:
        yield Piece(table.name, first, last, size)
