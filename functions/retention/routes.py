"""How long data is kept, over HTTP."""

from typing import cast

from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import make_resolver
from optiq.retention import api as retention
from optiq.retention.contracts import RetentionChange

from functions.retention.schemas import DataMapOut, DataRetentionOut, DataRetentionPatch

app = make_resolver("retention")
_PATH = "/v1/data-retention"


@app.get(_PATH, needs="retention:read", summary="Which data is kept how long, and why")
def get_data_map() -> DataMapOut:
    return DataMapOut.model_validate(retention.data_map(caller_of(app)))


@app.patch(_PATH, needs="retention:write", summary="Change how long data is kept")
def set_retention(request: DataRetentionPatch) -> DataRetentionOut:
    changes = cast(RetentionChange, request.given("version"))
    return DataRetentionOut.model_validate(
        retention.set_retention(caller_of(app), changes, expected_version=request.version)
    )


handler = app
