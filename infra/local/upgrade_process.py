"""The process that upgrades the data before the system starts."""

import os
import sys
import time

from infra.local.data_version import upgrade
from infra.local.home import StartError
from infra.local.joining import begin, join


def main() -> None:
    begin()
    join(os.environ)
    began = time.monotonic()
    try:
        upgrade(lambda line: print(line, file=sys.stderr, flush=True))
    except StartError as error:
        sys.exit(f"Error: {error}")
    print(f"Upgraded in {time.monotonic() - began:.0f} s.", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
