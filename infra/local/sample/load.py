"""Loads the sample by the public routes: events, beacons and ad metrics, a recomputation that trains the models, rules.

The sample is remembered beside the data, so an interrupted start can go on: the same events again are duplicates,
and a finished sample is left alone.
"""

import json
import math
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.ports.log_file import LogFile

from infra.local.home import Home
from infra.local.mappings import MAPPINGS
from infra.local.private_file import write_private
from infra.local.pump import backlog
from infra.local.sample import telling
from infra.local.sample.browsers import browsers
from infra.local.sample.client import Client, basic, bearer
from infra.local.sample.connecting import connect_platforms
from infra.local.sample.rates import reference_rates
from infra.local.sample.season import DAYS, TIMEZONE, Season
from infra.local.sample.traffic import ad_metrics, shop_totals, traffic
from infra.local.sample.watching import watch

SEED = 20260101
BRAND_SEARCH = "Brand Search"
"""The channel of Google's ads on the shop's own name, by a rule of the site."""
_BATCH = 500
_PASSWORD_BYTES = 18
_PATIENCE_SECONDS = 300
_POLL_SECONDS = 0.2

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
        return [day.isoformat() for day in Season(self.until_ms).days]


def load(url: str, home: Home, progress: Progress) -> Sample:
    """The sample in this folder's system, loaded now unless it is there already.

    Where the sample's advertising platforms run beside the system, two of them are connected: their numbers count in
    place of the same ones that are sent.

    Raises:
        UpstreamError: the system refused the sample, or did not take it in in time.
    """
    sample = _remembered(home.path) or _create(home.path)
    if not sample.email:
        sample = _with_owner(home.path, sample)
    if sample.loaded:
        return sample
    _import_rates(sample)
    client = Client(url)
    platforms = home.read_run().get("sample_platforms")
    if platforms:
        connect_platforms(client, sample.api_key)
        # Long before the sales: settings of a site are everywhere after half a minute.
        telling.choose_destinations(client, sample.api_key, sample.site_id)
    _send(client, sample, progress)
    _await_credits(home.stream_file, progress)
    _train(client, sample, progress)
    _count(progress)
    progress("Judging the alert rules", 0, 1)
    watch(client, sample.api_key, sample.organization_id, sample.site_id, sample.until_ms)
    if platforms:
        telling.sell(client, sample.write_key)
    return _remember(home.path, replace(sample, loaded=True))


def _send(client: Client, sample: Sample, progress: Progress) -> None:
    messages, visitors = traffic(SEED, sample.until_ms), browsers(SEED, sample.until_ms)
    rows = ad_metrics(SEED, sample.until_ms, messages)
    client.post(f"/v1/sites/{sample.site_id}/ad-metrics", bearer(sample.api_key), {"rows": rows})
    totals = shop_totals(SEED, sample.until_ms, messages)
    client.post(f"/v1/sites/{sample.site_id}/shop-totals", bearer(sample.api_key), {"rows": totals})
    for start in range(0, len(messages), _BATCH):
        progress("Sending visits", start, len(messages))
        client.post("/v1/batch", basic(sample.write_key), {"batch": messages[start : start + _BATCH]})
    progress("Sending visits", len(messages), len(messages))
    for browser in visitors:
        beacon = {"k": sample.public_key, "sent_at": to_rfc3339(system_clock()), "events": browser.events}
        client.post("/b", {"user-agent": browser.user_agent}, beacon)


def _create(home: Path) -> Sample:
    from optiq.tenancy import api as tenancy
    from optiq.tenancy.contracts import ChannelRule

    made = tenancy.create_site(
        name="Hearth & Heron",
        domains=["shop.example", "localhost"],
        timezone=TIMEZONE,
        channel_rules=[ChannelRule(BRAND_SEARCH, source="google", medium="cpc", campaign="brand")],
    )
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
    from optiq.kernel.caller import Caller
    from optiq.tenancy.members import api as members

    # Of a domain that no mail reaches; each try has an address of its own.
    email = f"owner-{secrets.token_hex(3)}@shop.example"
    owned = replace(sample, email=email, password=secrets.token_urlsafe(_PASSWORD_BYTES))
    user = people.create_person(owned.email, "Olive Owner", owned.password)
    members.add_owner(Caller.system(owned.organization_id), user.user_id)
    return _remember(home, owned)


def _remembered(home: Path) -> Sample | None:
    try:
        return Sample(**json.loads((home / "sample.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _remember(home: Path, sample: Sample) -> Sample:
    write_private(home / "sample.json", json.dumps(asdict(sample), indent=2))
    return sample


def _import_rates(sample: Sample) -> None:
    from optiq.rates import api as rates

    rates.import_rates(reference_rates(SEED, date.fromisoformat(sample.days[-1]), DAYS + 10).splitlines())


def _await_credits(stream: Path, progress: Progress) -> None:
    """Waits until every event is stored and every conversion credited."""
    log, give_up, most, least = LogFile(str(stream)), time.monotonic() + _PATIENCE_SECONDS, 0, math.inf
    while left := backlog(log, MAPPINGS):
        if left < least:  # A slow machine gets there too: only one that stands still is given up.
            least, give_up = left, time.monotonic() + _PATIENCE_SECONDS
        most = max(most, left)
        progress("Working out who earned what", most - left, most)
        if time.monotonic() > give_up:
            reason = "the sample is sent, but its events are not all stored: run it again, and it goes on"
            raise UpstreamError(reason, retryable=True)
        time.sleep(_POLL_SECONDS)
    log.close()


def _train(client: Client, sample: Sample, progress: Progress) -> None:
    """Lets the data-driven models learn from all journeys, and credits every conversion by what they learned."""
    key, days = bearer(sample.api_key), {"from": sample.days[0], "to": sample.days[-1]}
    job = client.post(f"/v1/sites/{sample.site_id}/attribution/recompute", key, days)
    while job["status"] not in ("SUCCEEDED", "FAILED", "CANCELLED"):
        time.sleep(_POLL_SECONDS)
        job = client.get(f"/v1/jobs/{job['job_id']}", key)
        progress("Learning from all journeys", job["days_done"], job["days"] or DAYS)
    if job["status"] != "SUCCEEDED":
        raise UpstreamError(f"the sample's recomputation has {job['status']}: {job['reason']}", retryable=True)


def _count(progress: Progress) -> None:
    """Counts every day, as the system does by itself a little later: the first look at the console has them all."""
    from optiq.reports.rollups import api as rollups
    from optiq.reports.steps import api as steps

    give_up, makers = time.monotonic() + _PATIENCE_SECONDS, (steps.make_all_days, rollups.roll_up_all)
    for done, make in enumerate(makers):
        progress("Counting the days", done, len(makers))
        # Days are left while the system counts them itself; what it began with may be older.
        while make(stop=lambda: False).left:
            if time.monotonic() > give_up:
                raise UpstreamError("the sample is sent, but its days are not all counted; see the log", retryable=True)
            time.sleep(_POLL_SECONDS)
