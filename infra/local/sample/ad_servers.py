"""The advertising platforms of the sample shop, one server each, as a process beside the system.

A platform must know its tokens after a restart, as a real one does: they are kept in a file beside the data.
"""

import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.local.ad_platforms import google, meta, tiktok
from infra.local.ad_platforms.server import Fault, Vendors, running_vendors
from infra.local.ad_platforms.told import Ingested, ToldConversion
from infra.local.ad_platforms.world import Heard, Reply, World
from infra.local.private_file import write_private
from infra.local.sample.advertising import SOURCES, Advertising
from infra.local.sample.traffic import ad_claims, ad_metrics, traffic

_THROTTLED_EVERY = 100
"""Requests for numbers: the first reading of an account is through before."""
_REPORTS: dict[str, tuple[str, Reply]] = {
    "GOOGLE_ADS": ("searchStream", google.throttled(20)),
    "META": ("insights", meta.throttled(1)),
    "TIKTOK": ("report/integrated/get", tiktok.throttled("QPM")),
}


def clients(ports: dict[str, int]) -> str:
    """The file of OAuth clients (OPTIQ_OAUTH) that leads to the servers on these ports."""
    world, ads = World(), {}
    for platform, port in ports.items():
        address = f"http://localhost:{port}/{_path(platform)}"
        keys = ("web", "token", "api", "conversions") if platform == "GOOGLE_ADS" else ("web", "api")
        ads[platform] = {"client_id": world.client_id, "client_secret": world.client_secret} | dict.fromkeys(
            keys, address
        )
    return json.dumps({"ads": ads}, indent=2)


class Kept:
    """The tokens of a platform, and what it was told, in a file, as far as they differ from the last look."""

    def __init__(self, file: Path) -> None:
        self._file, self._last = file, ""

    def fill(self, world: World) -> None:
        """What an earlier process kept."""
        try:
            kept: dict[str, Any] = json.loads(self._file.read_text())
        except (OSError, ValueError):
            return
        world.granted, world.issued, world.refresh_tokens = kept["granted"], kept["issued"], set(kept["refresh"])
        world.feedback.told = {key: ToldConversion(**one) for key, one in kept.get("told", {}).items()}
        world.feedback.requests = {key: Ingested(**one) for key, one in kept.get("requests", {}).items()}

    def keep(self, world: World) -> None:
        kept = {"granted": world.granted, "issued": world.issued, "refresh": sorted(world.refresh_tokens)}
        told = {
            name: {key: asdict(one) for key, one in getattr(world.feedback, name).items()}
            for name in ("told", "requests")
        }
        text = json.dumps(kept | told)
        if text == self._last:
            return
        write_private(self._file, text)
        self._last = text


@dataclass(slots=True)
class _Platform:
    """Moves a platform's world before each request, and keeps its tokens after it."""

    platform: str
    vendors: Vendors
    advertising: Advertising
    kept: Kept
    reports: int = 0

    def before(self, heard: Heard) -> None:
        self.vendors.heard.clear()
        self.advertising.move(self.vendors.world, time.time_ns() // 1_000_000)
        path, throttled = _REPORTS[self.platform]
        if path in heard.path:
            self.reports += 1
            if self.reports % _THROTTLED_EVERY == 0:
                self.vendors.faults.append(Fault(path, "reply", throttled))

    def after(self, _: Heard) -> None:
        self.kept.keep(self.vendors.world)


def main(home: Path, seed: int, ports: dict[str, int]) -> None:
    """Serves until its standard input ends with the process that started it."""
    with ExitStack() as stack:
        until_ms = _until_ms(home)
        messages = traffic(seed, until_ms)
        metrics, claimed = ad_metrics(seed, until_ms, messages), ad_claims(seed, messages)
        for platform, port in ports.items():
            advertising = Advertising(platform, metrics, claimed, until_ms)
            vendors = stack.enter_context(running_vendors(advertising.world(), port))
            kept = Kept(home / f"ad-platform-{_path(platform)}.json")
            kept.fill(vendors.world)
            one = _Platform(platform, vendors, advertising, kept)
            vendors.before, vendors.after = one.before, one.after
        while os.read(0, 1024):
            pass


def _path(platform: str) -> str:
    return {"GOOGLE_ADS": "google"}.get(platform, platform.lower())


def _until_ms(home: Path) -> int:
    """The end of the sample that is loaded; now where none is yet."""
    try:
        return int(json.loads((home / "sample.json").read_text())["until_ms"])
    except (OSError, ValueError):
        return time.time_ns() // 1_000_000


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), dict(zip(SOURCES, map(int, sys.argv[3:]), strict=True)))
