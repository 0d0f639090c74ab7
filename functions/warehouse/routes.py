"""The copy of the lake over HTTP, for people, and the lake to download."""

from typing import Annotated, cast

from aws_lambda_powertools.event_handler.api_gateway import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from optiq.identity.people.api import caller_of
from optiq.kernel.api_files import as_bytes, file_of, says_file
from optiq.kernel.api_resolver import make_resolver
from optiq.warehouse import api as warehouse
from optiq.warehouse.contracts import DestinationChange
from optiq.warehouse.exporting import api as exporting

from functions.warehouse.schemas import DestinationIn, DestinationOut, DestinationTestOut, PiecesOut

app = make_resolver("warehouse")
_PATH = "/v1/warehouse"
_PARQUET = "application/vnd.apache.parquet"
_Site = Annotated[str, Query(max_length=60, description="of this site alone")]
_Workspace = Annotated[str, Query(max_length=60, description="of the sites of this workspace")]
_Table = Annotated[str, Query(max_length=60, description="as the list of pieces has it", examples=["events"])]
_Day = Annotated[str, Query(max_length=10, description="as the list of pieces has it", examples=["2026-01-31"])]


@app.get(_PATH, needs="warehouse:manage", summary="Where the lake is copied to, and how the last copy went")
def get_destination() -> DestinationOut:
    caller = caller_of(app)
    return DestinationOut.of(warehouse.get_destination(caller), warehouse.last_copy(caller))


@app.patch(_PATH, needs="warehouse:manage", summary="Change where the lake is copied to")
def set_destination(request: DestinationIn) -> DestinationOut:
    caller, changes = caller_of(app), cast(DestinationChange, request.given("version"))
    changed = warehouse.set_destination(caller, changes, expected_version=request.version)
    return DestinationOut.of(changed, warehouse.last_copy(caller))


@app.post(
    f"{_PATH}/test",
    needs="warehouse:manage",
    keyless_because="it changes nothing",
    summary="Try whether files can be written there",
)
def test_destination() -> DestinationTestOut:
    warehouse.test_destination(caller_of(app))
    return DestinationTestOut()


@app.get(
    f"{_PATH}/pieces",
    needs="warehouse:manage",
    heavy=True,
    summary="The lake of a site, a workspace or the organization, as pieces to download",
)
def list_pieces(site_id: _Site = "", workspace_id: _Workspace = "") -> PiecesOut:
    found = exporting.list_pieces(caller_of(app), site_id=site_id, workspace_id=workspace_id)
    return PiecesOut.model_validate({"pieces": found})


@app.get(
    f"{_PATH}/piece",
    needs="warehouse:manage",
    heavy=True,
    summary="One piece, as a file of Parquet",
    middlewares=[as_bytes],
    responses=says_file(_PARQUET),
)
def read_piece(
    table: _Table, first_day: _Day, last_day: _Day, site_id: _Site = "", workspace_id: _Workspace = ""
) -> Response[str]:
    of_whom = {"site_id": site_id, "workspace_id": workspace_id}
    content = exporting.read_piece(caller_of(app), table, first_day=first_day, last_day=last_day, **of_whom)
    return file_of(content, _PARQUET, f"{table}-{first_day}.parquet")


handler = app
