"""Writes events/schemas/: a JSON Schema for each message of the stream, and for each event between contexts."""

import json
from pathlib import Path

from optiq.events.facts import adapter_of
from optiq.kernel.events import ConversionRecorded, EventAccepted, EventRejected, MatchKeysTaken
from optiq.kernel.manifest import contexts

FACTS = tuple(dict.fromkeys(kind for context in contexts() for kind in context.publishes))
"""What contexts publish to one another."""
FOLDER = Path(__file__).parent.parent / "events" / "schemas"


def schemas() -> dict[str, str]:
    """Text by file name; the name carries the version, which changes when readers would break."""
    found = {
        message.__name__: message.model_json_schema()
        for message in (EventAccepted, EventRejected, MatchKeysTaken, ConversionRecorded)
    } | {fact.__name__: adapter_of(fact).json_schema() for fact in FACTS}
    return {f"{name}.v1.json": json.dumps(schema, indent=2) + "\n" for name, schema in found.items()}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text)
