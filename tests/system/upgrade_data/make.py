"""Makes the archive of data that an older Optiq wrote, which the upgrade drill begins with.

    git worktree add ../optiq-0.2.0 bf968183 && make -C ../optiq-0.2.0 .venv/.run
    python -m tests.system.upgrade_data.make ../optiq-0.2.0 tests/system/upgrade_data/0.2.0.tar.xz

It speaks HTTP and runs the older clone's own commands, so nothing of this clone is in the data.
"""

import base64
import json
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FIRST = datetime(2026, 10, 5, 9, tzinfo=UTC)
PORT = 18_290
URL = f"http://localhost:{PORT}"
_SOURCES = (
    "?utm_source=google&utm_medium=cpc&utm_campaign=spring",
    "?utm_source=newsletter&utm_medium=email&utm_campaign=october",
    "?gclid=abc123",
    "",
)


def messages() -> list[dict[str, Any]]:
    """What 40 people did in four weeks: visits, sign-ups, orders reported twice, and one person with a long history."""
    made: list[dict[str, Any]] = []
    for number in range(40):
        device, user = {"anonymousId": f"device-{number}"}, {"userId": f"user-{number}"}
        begun = FIRST + timedelta(days=number % 20, hours=number % 7)
        for visit in range(1 + number % 4):
            at = begun + timedelta(days=visit)
            source = _SOURCES[(number + visit) % len(_SOURCES)]
            made.append(page(device, at, f"https://shop.example/landing-{visit}{source}"))
            made.append(page(device, at + timedelta(minutes=2), "https://shop.example/cart"))
        last = begun + timedelta(days=number % 4, minutes=9)
        if number % 3 == 0:
            made.append(_message("identify", device | user, last, traits={"email": f"person{number}@mail.example"}))
            made.append(order(device | user, last, f"A-{number}", 20 + number))
            # The shop's server reports the order too, a little later.
            made.append(order({"userId": f"user-{number}"}, last + timedelta(seconds=40), f"A-{number}", 20 + number))
        if number % 5 == 1:
            made.append(_message("track", device, last, event="Signed Up", properties={"value": 5, "currency": "EUR"}))
    for number in range(700):
        at = FIRST + timedelta(hours=number)
        made.append(page({"anonymousId": "busy"}, at, f"https://shop.example/p/{number * 7919 % 1000}?q={number}"))
    made.append(order({"anonymousId": "busy"}, FIRST + timedelta(days=29), "A-busy", 300))
    return [{"messageId": f"m-{place}", **one} for place, one in enumerate(made)]


def _message(kind: str, who: dict[str, str], at: datetime, **more: Any) -> dict[str, Any]:
    return {"type": kind, **who, "timestamp": at.isoformat().replace("+00:00", "Z"), **more}


def page(who: dict[str, str], at: datetime, url: str) -> dict[str, Any]:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    return _message("page", who, at, context={"page": {"url": url}, "userAgent": agent})


def order(who: dict[str, str], at: datetime, number: str, amount: int) -> dict[str, Any]:
    properties = {"revenue": f"{amount}.90", "currency": "EUR", "order_id": number}
    return _message("track", who, at, event="Order Completed", properties=properties)


def ask(method: str, path: str, authorization: str, body: object = None, url: str = URL) -> Any:
    """The document that a route answers."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": authorization, "content-type": "application/json"}
    asked = urllib.request.Request(f"{url}{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            raw = answer.read()
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{method} {path}: {error.code} {error.read()!r}") from error
    return json.loads(raw) if raw else None


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def _fill(optiq: Path, home: Path) -> dict[str, Any]:
    created = subprocess.run(
        [optiq, "--home", home, "site", "create", "--name", "Shop", "--domain", "shop.example", "--json"],
        check=True,
        capture_output=True,
    )
    site: dict[str, Any] = json.loads(created.stdout)
    bearer, at_site = f"Bearer {site['api_key']}", f"/v1/sites/{site['site_id']}"
    sent = messages()
    for start in range(0, len(sent), 100):
        ask("POST", "/v1/batch", basic(site["write_key"]), {"batch": sent[start : start + 100]})
    conversions = _wait_for(lambda: _conversions(at_site, bearer, 23))
    own = next(one for one in conversions if not one["order_id"])
    ordered = next(one for one in conversions if one["order_id"])
    ask("POST", f"{at_site}/conversions/{own['conversion_id']}/adjust", bearer, _adjustment())
    refund = {"amount": "3", "refund_id": "r-1"}
    ask("POST", f"{at_site}/conversions/{ordered['conversion_id']}/refund", bearer, refund)
    link = ask("POST", f"{at_site}/links", bearer, {"path": "spring", "target": "https://shop.example/sale"})
    for _ in range(3):
        _open(link["address"])
    ask("POST", "/v1/invitations", bearer, {"email": "bob@shop.example", "role": "VIEWER"})
    _wait_for(lambda: clicks(at_site, bearer, link["link_id"]) == 3)
    time.sleep(10)
    listed = _conversions(at_site, bearer, 0)
    return {
        "site_id": site["site_id"],
        "organization_id": site.get("organization_id", ""),
        "api_key": site["api_key"],
        "write_key": site["write_key"],
        "own": own["conversion_id"],
        "ordered": ordered["conversion_id"],
        "link_id": link["link_id"],
        "answers": answers(at_site, bearer),
        "values": sorted(one["value_micros"] for one in listed),
    }


def answers(at_site: str, bearer: str, url: str = URL) -> dict[str, Any]:
    """What reports say that an upgrade must leave as it is."""
    days = "from=2026-10-01&to=2026-11-15"
    compared = ask("GET", f"{at_site}/attribution/compare?by=campaign&{days}", bearer, url=url)
    channels = ask("GET", f"{at_site}/attribution?by=channel&{days}", bearer, url=url)
    return {"compared": compared, "channels": channels}


def clicks(at_site: str, bearer: str, link_id: str, url: str = URL) -> int:
    """How often people opened a link."""
    report = ask("GET", f"{at_site}/links/{link_id}/report", bearer, url=url)
    return int(report["clicks"]["human"])


def _adjustment() -> dict[str, Any]:
    return {"value": "7", "adjustment_id": "a-1"}


def _conversions(at_site: str, bearer: str, least: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask("GET", f"{at_site}/conversions?limit=100", bearer)["items"]
    return found if len(found) >= least else []


def _open(address: str) -> None:
    class _Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any, **__: Any) -> None:
            return None

    path = "/" + address.split("/", 3)[3]
    asked = urllib.request.Request(f"{URL}{path}", headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})
    try:
        urllib.request.build_opener(_Stay).open(asked)
    except urllib.error.HTTPError as error:
        error.close()


def _wait_for(look: Any, seconds: float = 120) -> Any:
    give_up = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > give_up:
            raise TimeoutError
        time.sleep(0.5)
    return found


@contextmanager
def _running(clone: Path, home: Path) -> Iterator[Path]:
    optiq = clone / ".venv" / "bin" / "optiq"
    command = [optiq, "up", "--no-sample", "--port", str(PORT), "--home", home]
    with subprocess.Popen(command, cwd=clone) as process:
        try:
            _wait_for(_answers)
            yield optiq
        finally:
            process.terminate()
            process.wait(30)


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"{URL}/health", timeout=2):
            return True
    except OSError:
        return False


def main() -> None:
    clone, archive = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "data"
        with _running(clone, home) as optiq:
            expected = _fill(optiq, home)
        (Path(folder) / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True))
        with tarfile.open(archive, "w:xz") as packed:
            packed.add(Path(folder) / "expected.json", "expected.json")
            packed.add(home, "data", filter=lambda one: None if one.name.endswith((".log", "lock")) else one)
    print(f"{archive}: {archive.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
