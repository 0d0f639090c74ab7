"""The tables that operations writes into the lake."""

from optiq.kernel.lake_tables import LakeTable

ERRORS = LakeTable(
    "errors",
    # A row for each occurrence of an error. Optiq's own are those of the platform.
    {
        "error_id": "string",
        "site_id": "string",
        "issue_id": "string",
        "occurred_at": "timestamp",
        "received_at": "timestamp",
        "message": "string",
        "stack": "string",
        "source_file": "string",
        "source_line": "bigint",
        "source_column": "bigint",
        "caller_name": "string",
        "user_id": "string",
        "customer_id": "string",
        "route": "string",
        "environment": "string",
        "error_type": "string",
        "error_code": "string",
        "release": "string",
        "metadata": "string",
    },
    key=("site_id", "error_id"),
    version=("received_at",),
    data="ERRORS",
)

METRICS = LakeTable(
    "performance_metrics",
    # What handlers cost in a minute of a process; all rows are of the platform. `tags` is JSON.
    {
        "metric_id": "string",
        "metric_name": "string",
        "metric_type": "string",
        "value": "double",
        "unit": "string",
        "measured_at": "timestamp",
        "tags": "string",
    },
    key=("metric_id", "metric_name"),
    version=("measured_at",),
    data="ERRORS",
)
