"""The copy of the lake over HTTP, for people."""

from typing import cast

from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import make_resolver
from optiq.warehouse import api as warehouse
from optiq.warehouse.contracts import DestinationChange

from functions.warehouse.schemas import DestinationIn, DestinationOut, DestinationTestOut

app = make_resolver("warehouse")
_PATH = "/v1/warehouse"


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


handler = app
