"""The tables that rates writes into the lake."""

from optiq.kernel.lake_tables import LakeTable

RATES = LakeTable(
    "rates",
    {"currency": "string", "day": "string", "rate_micros": "bigint", "revision": "bigint"},
    key=("currency", "day"),
    version=("revision",),
    shared=True,
)
