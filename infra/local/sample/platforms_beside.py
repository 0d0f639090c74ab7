"""The sample's advertising platforms beside a system: started with it, known to it by their addresses."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from infra.local.children import Child
from infra.local.home import Home
from infra.local.sample.ad_servers import clients
from infra.local.sample.advertising import SOURCES
from infra.local.sample.load import SEED
from infra.local.table import free_port

_OAUTH = "OPTIQ_OAUTH"
_STOP_SECONDS = 2.0


@contextmanager
def running_platforms(home: Home, *, wanted: bool) -> Iterator[dict[str, str]]:
    """What the system's processes are told of them; nothing where the operator has clients at real ones."""
    if not wanted or _OAUTH in os.environ:
        yield {}
        return
    ports = {platform: free_port() for platform in SOURCES}
    file = home.path / "ad-platforms.json"
    file.write_text(clients(ports))
    arguments = [str(home.path), str(SEED), *map(str, ports.values())]
    child = Child("advertising platforms", [sys.executable, "-m", "infra.local.sample.ad_servers", *arguments], {})
    child.start()
    try:
        yield {_OAUTH: str(file)}
    finally:
        child.stop(_STOP_SECONDS)
