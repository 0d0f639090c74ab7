"""What a merged file of the lake says of itself in its footer: which files it replaces, and a digest of its rows."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pyarrow as pa

from optiq.ports.lake import LakeFile
from optiq.ports.lake_digest import digest_of

_REPLACES, _DIGEST, _ROWS = b"optiq.replaces", b"optiq.digest", b"optiq.rows"


@dataclass(frozen=True, slots=True)
class Merged:
    """The identities of the files that it replaces, the digest and the number of its rows."""

    replaces: frozenset[str]
    digest: str
    rows: int


def identity_of(file: LakeFile) -> str:
    """Tells a file apart from every other, also from a later one of the same name."""
    return hashlib.blake2b(f"{file.name} {file.stamp}".encode(), digest_size=12).hexdigest()


def merged_of(metadata: Mapping[bytes, bytes]) -> Merged | None:
    """None for a file that is not merged."""
    if _DIGEST not in metadata:
        return None
    return Merged(frozenset(json.loads(metadata[_REPLACES])), metadata[_DIGEST].decode(), int(metadata[_ROWS].decode()))


def as_merged(rows: pa.Table, replaces: Collection[str]) -> pa.Table:
    """Rows with the footer of a merged file."""
    return rows.replace_schema_metadata(
        {
            _REPLACES: json.dumps(sorted(replaces), separators=(",", ":")),
            _DIGEST: digest_of(rows),
            _ROWS: str(rows.num_rows),
        }
    )
