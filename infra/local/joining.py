"""What a process does first that joins a running system."""

import sys
from collections.abc import Mapping
from pathlib import Path

from infra.local import table_access

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def join(environment: Mapping[str, str]) -> None:
    """Makes the table reachable, and makes sure that the secret is still the one the system started with.

    Raises:
        SystemExit: the secret or the table's key is gone.
    """
    if not Path(environment["OPTIQ_SECRET"]).exists():
        sys.exit(f"{environment['OPTIQ_SECRET']} is gone: put it back from your backup")
    try:
        table_access.sign_connections(environment)
    except table_access.KeyMissingError as error:
        sys.exit(str(error))
