"""Credits into the lake."""

import hashlib

import pyarrow as pa
import pyarrow.compute as pc

from optiq.attribution.lake import CREDITS
from optiq.ports import wiring


def append_credits(organization_id: str, credits_table: pa.Table) -> None:
    """Appends credits to the lake, a file for each UTC day of conversion.

    A file is named for the versions it holds, so the same credits written again replace their own file and no other.
    """
    days = pc.strftime(credits_table.column("conversion_at"), "%Y-%m-%d")
    for day in days.unique():
        append_day(organization_id, str(day), credits_table.filter(pc.equal(days, day)))


def append_day(organization_id: str, day: str, credits_table: pa.Table) -> None:
    """Appends credits of conversions of one UTC day: one file, there as a whole or not at all."""
    wiring.lake().append(CREDITS.name, organization_id, day, _file_name(credits_table), credits_table)


def _file_name(credits_table: pa.Table) -> str:
    # Every conversion has one row at position 0 or 1.
    opens = pc.less_equal(credits_table.column("position"), pa.scalar(1))
    digest = hashlib.blake2b(digest_size=12)
    for name in ("conversion_id", "revision"):
        values = credits_table.column(name).filter(opens).cast(pa.string()).to_pylist()
        digest.update("\n".join(map(str, values)).encode() + b"\n\n")
    computed_ms = credits_table.column("computed_at").slice(0, 1).cast(pa.int64())[0].as_py()
    return f"{computed_ms}-{digest.hexdigest()}"
