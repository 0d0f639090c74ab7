"""Files beside the data that only their owner reads, each whole at any moment."""

import os
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Puts a text in the place of what the file had. Raises OSError."""
    draft = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as content:
        content.write(text)
    draft.replace(file)
