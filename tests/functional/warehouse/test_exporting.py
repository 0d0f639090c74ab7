"""The lake as pieces to download: every row that stands once, of whom it was asked for, and of nobody else."""

import io
from typing import Any

import pyarrow as pa
import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.lake_tables import latest_rows
from optiq.kernel.permissions import ROLES
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite
from optiq.tenancy.groups import api as groups
from optiq.warehouse.exporting import api as exporting
from pyarrow import parquet

from functions.warehouse.routes import handler
from tests.functional.pipeline import Pipeline
from tests.functional.reports.http import answer, request
from tests.functional.senders import send_beacon

pytestmark = pytest.mark.usefixtures("table")


def _send(site: NewSite, *visitors: str) -> None:
    pipeline = Pipeline()
    for visitor in visitors:
        visit = {"anonymous_id": visitor, "url": "https://shop.example/?utm_source=x"}
        send_beacon(site, visit, {"anonymous_id": visitor, "kind": "track", "name": "purchase"})
    pipeline.drain()


def _caller(site: NewSite) -> Caller:
    return Caller(site.site.organization_id, "user_ada", "user_ada", ROLES["ADMIN"])


def _rows(caller: Caller, **of_whom: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of all pieces, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for piece in exporting.list_pieces(caller, **of_whom):
        days = {"first_day": piece.first_day, "last_day": piece.last_day}
        content = exporting.read_piece(caller, piece.table, **days, **of_whom)
        rows: pa.Table = parquet.read_table(io.BytesIO(content))
        found[piece.table] = found.get(piece.table, []) + rows.to_pylist()
    return found


def test_pieces_have_every_row_of_a_site_once_and_no_other_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN two sites of one organization, and one piece for each day
    monkeypatch.setattr(exporting, "PIECE_BYTES", 1)
    first = tenancy.create_site(name="Shop", domains=["shop.example"])
    organization_id = first.site.organization_id
    second = tenancy.create_site(name="Other", domains=["other.example"], organization_id=organization_id)
    _send(first, "a1", "a2")
    _send(second, "b1")
    caller, site_id = _caller(first), first.site.site_id

    # WHEN the pieces of one are read
    found = _rows(caller, site_id=site_id)

    # THEN each table has what the lake has of the site
    assert {"events", "sessions", "touches", "conversions", "credits"} <= found.keys()
    for table in exporting.own_tables():
        if table.name in found:
            kept = " WHERE NOT coalesce(deleted, false)" if "deleted" in table.columns else ""
            sql = f"SELECT count(*) FROM ({latest_rows(table, 'site_id = ?')}){kept}"
            ((number,),) = wiring.query().run(sql, organization_id, (site_id,)).rows
            assert len(found[table.name]) == number, table.name
            assert {row["site_id"] for row in found[table.name]} <= {site_id}
    # AND those of the organization are of both sites
    assert len(_rows(caller)["events"]) == 6


def test_pieces_of_a_workspace_are_of_its_sites() -> None:
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    _send(site, "a1")
    caller = _caller(site)
    workspace = groups.create_workspace(caller, name="Client")
    assert not _rows(caller, workspace_id=workspace.workspace_id).get("events")

    tenancy.change_site(
        tenancy.operator(caller.organization_id), site.site.site_id, {"workspace_id": workspace.workspace_id}
    )

    assert len(_rows(caller, workspace_id=workspace.workspace_id)["events"]) == 2


def test_another_organizations_site_and_unknown_tables_are_refused() -> None:
    mine, theirs = (tenancy.create_site(name="Shop", domains=["shop.example"]) for _ in range(2))
    days = {"first_day": "2026-01-01", "last_day": "2026-01-31"}
    for of_whom in ({"site_id": theirs.site.site_id}, {"workspace_id": "workspace_00000000000000000000000000"}):
        with pytest.raises(NotFoundError):
            exporting.list_pieces(_caller(mine), **of_whom)
        with pytest.raises(NotFoundError):
            exporting.read_piece(_caller(mine), "events", **days, **of_whom)
    with pytest.raises(InvalidError, match="table: must be one"):
        exporting.read_piece(_caller(mine), "rates", **days)
    with pytest.raises(InvalidError, match=r"last_day: .*is not a calendar day"):
        exporting.read_piece(_caller(mine), "events", first_day="2026-01-01", last_day="soon")


def test_a_piece_over_http_is_a_file_of_parquet() -> None:
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    _send(site, "a1")
    organization_id = site.site.organization_id
    status, listed = answer(handler(request("/v1/warehouse/pieces", organization_id), None))
    assert status == 200
    piece = next(one for one in listed["pieces"] if one["table"] == "events")
    query = f"table=events&first_day={piece['first_day']}&last_day={piece['last_day']}"

    found = handler(request(f"/v1/warehouse/piece?{query}", organization_id), None)

    assert (found["statusCode"], found["isBase64Encoded"]) == (200, True)
    assert "events-" in found["headers"]["content-disposition"]
