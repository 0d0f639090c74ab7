"""What a copied log lacks of the log that it is a copy of, which was written on."""

import sqlite3
from contextlib import closing
from pathlib import Path


def add_later(source: Path, copy: Path) -> None:
    """Adds later records and workflows to the copy; how far consumers and timers are stays as it was copied.

    So whatever was done since the copy is done again, as after a kill. The records are also there so that no number
    is given twice: usage is counted once for each number.

    Raises:
        sqlite3.Error: one of them cannot be read or written.
    """
    with closing(sqlite3.connect(copy, timeout=30)) as connection:
        connection.execute("ATTACH ? AS source", (str(source),))
        with connection:
            connection.execute(
                "INSERT INTO main.records SELECT * FROM source.records"
                " WHERE sequence > (SELECT coalesce(max(sequence), 0) FROM main.records)"
            )
            connection.execute(
                "INSERT INTO main.executions (machine, name, status, input, queued_ms)"
                " SELECT machine, name, 'QUEUED', input, queued_ms FROM source.executions"
                " WHERE (machine, name) NOT IN (SELECT machine, name FROM main.executions)"
            )
        connection.execute("DETACH source")
