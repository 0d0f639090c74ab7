"""Writes events/schemas/: a JSON Schema for each message we publish, from its contract."""

import json
from pathlib import Path

from optiq.kernel.events import ConversionRecorded, EventAccepted, EventRejected

FOLDER = Path(__file__).parent.parent / "events" / "schemas"


def schemas() -> dict[str, str]:
    """Text by file name; the name carries the version, which changes when readers would break."""
    return {
        f"{message.__name__}.v1.json": json.dumps(message.model_json_schema(), indent=2) + "\n"
        for message in (EventAccepted, EventRejected, ConversionRecorded)
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text)
