"""What each process of a system does first."""

import logging
import sys
from collections.abc import Mapping
from pathlib import Path

from optiq.kernel.collecting import look_seldom
from optiq.kernel.error_reports import ErrorReports

from infra.local import table_access
from infra.local.home import StartError


def begin() -> None:
    """Writes warnings in one form, reports errors, and looks for cycles seldom."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger().addHandler(ErrorReports(waits=False))
    look_seldom()


def join(environment: Mapping[str, str]) -> None:
    """Makes the table reachable, and makes sure that the secret is still the one the system started with.

    Raises:
        SystemExit: the secret or the table's key is gone.
    """
    if not Path(environment["OPTIQ_SECRET"]).exists():
        sys.exit(f"{environment['OPTIQ_SECRET']} is gone: put it back from your backup")
    try:
        table_access.sign_connections(environment)
    except StartError as error:
        sys.exit(str(error))
