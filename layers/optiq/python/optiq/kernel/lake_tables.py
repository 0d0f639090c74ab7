"""What a table of the lake is: Parquet files, a Glue table and an empty view are all made from one `LakeTable`.

Every file lies in a partition org=<organization>/dt=<day>, the UTC day of the row's own instant, so that a new
version of a row always lands beside the old one. Readers keep, of each row's versions, the latest
(`latest_rows`); a row may therefore be written any number of times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

DataClass = Literal[
    "ACCOUNTS",
    "SETTINGS",
    "EVENTS",
    "LINKS",
    "CONSENT",
    "TOTALS",
    "ADS",
    "MESSAGES",
    "BILLING",
    "AUDIT",
    "ERRORS",
    "WORK",
]
"""What kind of data something holds: how long it is kept, and why, follows from it (retention/classes.py)."""
ColumnType = Literal["string", "bigint", "double", "boolean", "timestamp"]


PLATFORM = "_platform"
"""The organization of what every organization may read: exchange rates."""


@dataclass(frozen=True, slots=True)
class LakeTable:
    """A table of the lake.

    Attributes:
        columns: names and types; timestamps are UTC milliseconds. The partition columns org and dt come on top.
        key: the columns that name a row.
        version: the columns, most significant first, that order the versions of a row.
        shared: its rows belong to PLATFORM, and every organization may read them.
        whole_days: a partition is one file, replaced as a whole; nothing else may merge it.
        data: the class of what it holds.
    """

    name: str
    columns: dict[str, ColumnType]
    key: tuple[str, ...]
    version: tuple[str, ...]
    shared: bool = False
    whole_days: bool = False
    data: DataClass = "EVENTS"


def latest_row_of_each(table: LakeTable, where: str, columns: Sequence[str]) -> str:
    """As `latest_rows`, cheaper: one row, and of it these columns, for each key of a table whose key names one row."""
    order = ", ".join(f"{column} DESC" for column in table.version)
    names = ", ".join(columns)
    newest = f"row_number() OVER (PARTITION BY {', '.join(table.key)} ORDER BY {order})"
    versions = f"SELECT {names}, {newest} AS version_rank FROM {table.name} WHERE {where}"  # noqa: S608 - names are ours
    return f"SELECT {names} FROM ({versions}) WHERE version_rank = 1"  # noqa: S608 - names are ours


def latest_rows(table: LakeTable, where: str, columns: Sequence[str] = ("*",)) -> str:
    """SQL (Athena's dialect) that selects the latest version of each row, with all its columns.

    `where` restricts the files and rows looked at; it may use `dt` and must not use a column that changes
    between versions. Rows of one key with equal versions are all kept when the key names a group (credits).
    `columns` narrows what is read, besides the key and the version; rows equal in all of them count once.
    """
    order = ", ".join(f"{column} DESC" for column in table.version)
    read = "*" if "*" in columns else ", ".join(dict.fromkeys((*table.key, *table.version, *columns)))
    # rank() keeps a whole group of equal version; a repeated write of the same rows is folded by DISTINCT.
    return (
        f"SELECT * FROM (SELECT *, rank() OVER (PARTITION BY {', '.join(table.key)} ORDER BY {order}) AS version_rank "  # noqa: S608 - names are ours
        f"FROM (SELECT DISTINCT {read} FROM {table.name} WHERE {where})) WHERE version_rank = 1"
    )
