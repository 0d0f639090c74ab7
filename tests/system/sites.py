"""A site on a running system, made with the command line, and requests to its API."""

import json
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optiq.kernel.clock import system_clock

from infra.local.home import ROOT


@dataclass(frozen=True, slots=True)
class SiteKeys:
    organization_id: str
    site_id: str
    public_key: str
    write_key: str
    api_key: str
    created_ms: int


def create_site(home: Path, *options: str) -> SiteKeys:
    """`optiq site create` on a data folder."""
    command = [sys.executable, "-m", "infra.local.cli", "site", "create", "--json", "--home", str(home)]
    command += ["--name", "Shop", "--domain", "shop.example", *options]
    made = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    return SiteKeys(**json.loads(made.stdout), created_ms=system_clock())


def get(url: str, path: str, api_key: str) -> Any:
    """The JSON a route answers with. Raises OSError when it answers with an error, or nobody answers."""
    request = urllib.request.Request(url + path, headers={"authorization": f"Bearer {api_key}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
