"""The tables that attribution writes into the lake."""

from optiq.kernel.lake_tables import LakeTable

CREDIT_MODELS = (
    "first_touch",
    "last_touch",
    "last_non_direct",
    "linear",
    "time_decay",
    "position_based",
    "w_shaped",
    "custom",
    "markov",
    "shapley",
)
"""The models that have columns in `credits`, <model>_weight and <model>_micros."""

CREDITS = LakeTable(
    "credits",
    # A row for each conversion and touch of its path. A conversion without a touch has one row, at position 0, and
    # `No tracked visit` is its channel, source and so on. A model's columns are null where it was not computed.
    {
        "conversion_id": "string",
        "site_id": "string",
        "customer_id": "string",
        "conversion_at": "timestamp",
        "name": "string",
        "touch_id": "string",
        "touch_at": "timestamp",
        "position": "bigint",
        "path_length": "bigint",
        "channel": "string",
        "source": "string",
        "medium": "string",
        "campaign": "string",
        "ad": "string",
        "landing_page": "string",
        **{f"{model}_weight": "double" for model in CREDIT_MODELS},
        **{f"{model}_micros": "bigint" for model in CREDIT_MODELS},
        "value_micros": "bigint",
        "currency": "string",
        "evidence": "string",
        "window_days": "bigint",
        "settings_version": "bigint",
        "fit_version": "bigint",
        "engine_version": "bigint",
        "revision": "bigint",
        "computed_at": "timestamp",
        # The conversion became a part of another: one row without credits says so.
        "deleted": "boolean",
    },
    # All credits of a conversion are replaced together: a path may shrink.
    key=("site_id", "conversion_id"),
    version=("revision", "computed_at"),
)
