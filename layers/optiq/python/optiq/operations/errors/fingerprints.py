"""Which errors are one: those of a type that come by the same calls, else those that say the same but for numbers.

Line numbers are left out: they move with every release.
"""

import hashlib
import re
from collections.abc import Sequence

from optiq.operations.errors.contracts import Frame
from optiq.operations.errors.projects import Project

_CALLS = 5
_ID_CHARACTERS = 32
"""128 bits of a SHA-256: enough to tell the groups of a project apart."""
# Ids of ours and of others, hexadecimal and decimal numbers.
_VARIES = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|0x[0-9a-f]+|(?<![a-z0-9])[0-9a-f]{8,}(?![a-z0-9])|"
    r"(?<![a-z0-9])[a-z]+_[0-9a-z]{16,}|(?<![a-z0-9])[0-9a-z]{26}(?![a-z0-9])|\d+(?:[.,:]\d+)*",
    re.IGNORECASE,
)
_QUERY = re.compile(r"[?#].*")
_ORIGIN = re.compile(r"^[a-z][a-z0-9+.-]*://[^/]*", re.IGNORECASE)
# What a bundler puts into the name of a file: main.3f2a1bc4.js, main-B1x9fQ2a.js.
_HASHED_NAME = re.compile(r"[.-][A-Za-z0-9_]*\d[A-Za-z0-9_]*(?=\.(?:m?js|css)$)")


def issue_id_of(project: Project, error_type: str, message: str, stack: Sequence[Frame]) -> str:
    """The group of an error, the same for every error that is the same."""
    calls = [f"{file_of(frame.file)}:{frame.function}" for frame in innermost(stack)]
    said = "" if calls else varying_hidden(message)
    parts = (project.organization_id, project.site_id, error_type, said, *calls)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:_ID_CHARACTERS]


def innermost(stack: Sequence[Frame]) -> Sequence[Frame]:
    """The calls that tell an error apart: the innermost of the program's own, of all where it has none."""
    own = [frame for frame in stack if frame.in_app]
    return (own or list(stack))[-_CALLS:]


def varying_hidden(message: str) -> str:
    """A message with `#` for numbers and ids."""
    return _VARIES.sub("#", message)


def file_of(path: str) -> str:
    """A file as every release has it: without origin, query and the hash of its content."""
    return _HASHED_NAME.sub("", _ORIGIN.sub("", _QUERY.sub("", path)))
