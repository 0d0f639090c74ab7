"""Loads the sample through the doors everybody uses: Segment's API, the ad metrics route, the rates import.

What it sent is remembered beside the data, so a start that was interrupted goes on where it can: the same
events again are duplicates, and a finished sample is left alone.
"""

import base64
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from optiq.kernel.clock import DAY_MS, day_of, parse_timezone, system_clock
from optiq.kernel.errors import UpstreamError

from infra.local.sample.rates import reference_rates
from infra.local.sample.traffic import DAYS, ad_metrics, traffic

SEED = 20260101
TIMEZONE = "Europe/Berlin"
_BATCH = 200
_PASSWORD_BYTES = 18
_PATIENCE_SECONDS = 300

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A loaded sample and the keys that open it. Kept in the data folder, for its owner's eyes only."""

    organization_id: str
    site_id: str
    public_key: str
    write_key: str
    api_key: str
    until_ms: int
    loaded: bool
    email: str = ""
    password: str = ""

    @property
    def days(self) -> list[str]:
        """The calendar days of the shop that the sample covers."""
        last = day_of(self.until_ms, parse_timezone(TIMEZONE))
        return [(last - timedelta(days=back)).isoformat() for back in range(DAYS, -1, -1)]


def load(url: str, home: Path, progress: Progress) -> Sample:
    """The sample in this folder's system, loaded now unless it is there already.

    Raises:
        UpstreamError: the system refused the sample, or did not take it in in time.
    """
    sample = _remembered(home) or _create(home)
    if not sample.email:
        sample = _with_owner(home, sample)
    if sample.loaded:
        return sample
    made = traffic(SEED, sample.until_ms)
    _import_rates(sample)
    client = _Client(url)
    client.post(f"/v1/sites/{sample.site_id}/ad-metrics", _bearer(sample), {"rows": ad_metrics(SEED, sample.days)})
    for start in range(0, len(made.messages), _BATCH):
        progress("Sending visits", start, len(made.messages))
        client.post("/v1/batch", _basic(sample), {"batch": made.messages[start : start + _BATCH]})
    progress("Sending visits", len(made.messages), len(made.messages))
    _await_credits(client, sample, made.orders, len(made.messages), progress)
    return _remember(home, replace(sample, loaded=True))


def _create(home: Path) -> Sample:
    from optiq.tenancy import api as tenancy

    made = tenancy.create_site(name="Hearth & Heron", domains=["shop.example", "localhost"], timezone=TIMEZONE)
    sample = Sample(
        organization_id=made.site.organization_id,
        site_id=made.site.site_id,
        public_key=made.public_key,
        write_key=made.write_key,
        api_key=made.api_key,
        until_ms=system_clock(),
        loaded=False,
    )
    return _remember(home, sample)


def _with_owner(home: Path, sample: Sample) -> Sample:
    """Gives the sample's organization a person who owns it and can sign in."""
    from optiq.identity.people import api as people
    from optiq.tenancy.members import api as members

    # Of a domain that no mail reaches; each try has an address of its own.
    email = f"owner-{secrets.token_hex(3)}@shop.example"
    owned = replace(sample, email=email, password=secrets.token_urlsafe(_PASSWORD_BYTES))
    user = people.create_person(owned.email, "Olive Owner", owned.password)
    members.add_owner(owned.organization_id, user.user_id)
    return _remember(home, owned)


def _remembered(home: Path) -> Sample | None:
    try:
        return Sample(**json.loads((home / "sample.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _remember(home: Path, sample: Sample) -> Sample:
    draft = home / "sample.json.new"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(sample), file, indent=2)
    draft.replace(home / "sample.json")
    return sample


def _import_rates(sample: Sample) -> None:
    from optiq.rates import api as rates

    rates.import_rates(reference_rates(SEED, date.fromisoformat(sample.days[-1]), DAYS + 10).splitlines())


def _await_credits(client: "_Client", sample: Sample, orders: int, events: int, progress: Progress) -> None:
    """Waits until every event was taken in and every order credited."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    first, last = sample.days[0], sample.days[-1]
    for taken_in, credited in _states(client, sample, first, last):
        progress("Working out who earned what", taken_in + credited, events + orders)
        if taken_in >= events and credited >= orders:
            return
        if time.monotonic() > give_up:
            raise UpstreamError("the sample was sent but not taken in in time; look at the log above", retryable=True)
        time.sleep(0.5)


def _states(client: "_Client", sample: Sample, first: str, last: str) -> Iterator[tuple[int, int]]:
    site = f"/v1/sites/{sample.site_id}"
    while True:
        # Counts are of the day an event reached us: today, or tomorrow by the time this ends.
        tomorrow = day_of(system_clock() + DAY_MS, parse_timezone(TIMEZONE)).isoformat()
        counts = client.get(f"{site}/ingest?from={first}&to={tomorrow}", _bearer(sample))
        report = client.get(f"{site}/attribution?from={first}&to={last}", _bearer(sample))
        yield counts["accepted"], report["totals"]["conversions"]


class _Client:
    """One connection to the system."""

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=60)

    def get(self, path: str, authorization: str) -> Any:
        return self._ask("GET", path, authorization, None)

    def post(self, path: str, authorization: str, body: object) -> Any:
        return self._ask("POST", path, authorization, json.dumps(body))

    def _ask(self, method: str, path: str, authorization: str, body: str | None) -> Any:
        headers = {"authorization": authorization, "content-type": "application/json"}
        while True:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read()
            if answer.status != 429:
                break
            time.sleep(int(answer.headers["retry-after"]))
        if answer.status >= 300:
            raise UpstreamError(f"{method} {path} answered {answer.status}: {text.decode()[:300]}", retryable=False)
        return json.loads(text)


def _bearer(sample: Sample) -> str:
    return f"Bearer {sample.api_key}"


def _basic(sample: Sample) -> str:
    return "Basic " + base64.b64encode(f"{sample.write_key}:".encode()).decode()
