"""The manifest of a table in its copy: which file has each day. It is written last, so it names whole files only."""

import re
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter, ValidationError

from optiq.kernel.errors import UpstreamError
from optiq.kernel.lake_tables import LakeTable
from optiq.ports.bucket import Bucket

FORM = 1
MOST_BYTES = 16_000_000
"""A hundred years of days, and as many files that were replaced."""
_FILE = re.compile(r"day=[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9a-f]{32}\.parquet")


@dataclass(frozen=True, slots=True)
class DayFile:
    """
    Attributes:
        file: its name, below the table's folder. stamp: of the lake's files that it was made of.
    """

    file: str
    rows: int
    size: int
    stamp: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that no day has any more; readers of an earlier manifest may still be at it."""

    file: str
    since_ms: int


@dataclass(frozen=True, slots=True)
class Manifest:
    organization_id: str
    table: str
    columns: dict[str, str]
    written_at: str = ""
    days: dict[str, DayFile] = field(default_factory=dict)
    replaced: tuple[Replaced, ...] = ()
    form: int = FORM

    def with_day(self, day: str, file: DayFile | None, now_ms: int) -> "Manifest":
        """The manifest with another file for a day, or without the day."""
        days = {name: found for name, found in self.days.items() if name != day} | ({day: file} if file else {})
        before, named = self.days.get(day), {found.file for found in days.values()}
        gone = [Replaced(before.file, now_ms)] if before and before.file not in named else []
        # What is named again is not to be removed.
        kept = [one for one in self.replaced if one.file not in named]
        return replace(self, days=dict(sorted(days.items())), replaced=(*kept, *gone))


_JSON: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def name_of(table: LakeTable) -> str:
    return f"{table.name}/_manifest.json"


def read_manifest(bucket: Bucket, table: LakeTable, organization_id: str) -> Manifest:
    """A table's manifest; an empty one before the first copy. Raises UpstreamError, also for another's file there."""
    refusal = UpstreamError(f"{name_of(table)} is of somebody else: use another prefix", retryable=False)
    text = bucket.read(name_of(table), MOST_BYTES)
    if text is None:
        return Manifest(organization_id, table.name, dict(table.columns))
    try:
        found = _JSON.validate_json(text)
    except ValidationError as error:
        raise refusal from error
    if (found.organization_id, found.table, found.form) != (organization_id, table.name, FORM):
        raise refusal
    # Whoever writes in the bucket may have changed it: no file but a copy's is removed by it.
    files = [*(one.file for one in found.days.values()), *(one.file for one in found.replaced)]
    if not all(map(_FILE.fullmatch, files)):
        raise refusal
    return replace(found, columns=dict(table.columns))


def write_manifest(bucket: Bucket, table: LakeTable, manifest: Manifest) -> None:
    bucket.write(name_of(table), _JSON.dump_json(manifest, indent=1))
