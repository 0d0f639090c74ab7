"""The status page: each minute the system asks itself what works, remembers it, and writes the page."""

from collections.abc import Mapping
from dataclasses import replace

from optiq.ads.sync import api as ads
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, Clock, iso_day, system_clock, utc_day
from optiq.kernel.errors import UpstreamError, VersionError
from optiq.kernel.lake_tables import PLATFORM
from optiq.operations.settings import api as settings
from optiq.operations.status import page, visits
from optiq.operations.status.contracts import (
    COMPONENTS,
    Component,
    ComponentStatus,
    Heartbeat,
    Status,
    StatusDay,
)
from optiq.operations.status.incidents import create_incident, list_incidents, shown_incidents, update_incident
from optiq.operations.status.minutes import marked, uptime
from optiq.operations.status.probing import Ask, status_of
from optiq.operations.status.stores import DAYS, heartbeat
from optiq.ports import wiring

__all__ = ["STYLE", "beat", "create_incident", "list_incidents", "read_file", "status_now", "update_incident"]

PAGE, DATA = "index.html", "status.json"
STYLE = page.STYLE
_MONTH, _QUARTER = 30, 90
_ADS_LATE_MS = 36 * HOUR_MS
_ADS_EVERY_MS = 10 * MINUTE_MS
_MOST_BYTES = 1_000_000


def beat(ask: Ask = status_of, clock: Clock = system_clock) -> tuple[Component, ...]:
    """One minute: what works in it. A second beat of one minute changes nothing.

    Raises:
        UpstreamError: the table or the place of the page does not answer: the minute is bad.
    """
    now_ms = clock()
    before = visits.with_site(heartbeat())
    after = _with_ads(_judged(before, now_ms), now_ms)
    visit = visits.visit_at(now_ms)
    taken = ask("POST", "/b", visits.body_of(before, visit)) == 202
    if taken:
        after = replace(after, visits=(*after.visits, visit))
    checks: Mapping[Component, bool] = {
        "API": ask("GET", "/health", b"") == 200,
        "CONSOLE": ask("GET", "/console", b"") == 200,
        "EVENTS": taken and after.events_good,
        "CREDITS": after.credits_good,
        "AD_SYNC": after.ads_late_ms < _ADS_LATE_MS,
    }
    works = tuple(name for name, good in checks.items() if good)
    _remember(now_ms, works)
    visits.saved(before, replace(after, began_ms=before.began_ms or now_ms - now_ms % MINUTE_MS))
    write_page(clock)
    return works


def write_page(clock: Clock = system_clock) -> None:
    """Writes the page as it stands. Raises UpstreamError."""
    status = status_now(clock)
    files = wiring.status_files()
    files.write(DATA, page.as_json(status))
    files.write(PAGE, page.as_html(status))


def read_file(name: str) -> bytes | None:
    """A file of the page as it was written last; None before the first. Raises UpstreamError."""
    return wiring.status_files().read(name, _MOST_BYTES)


def status_now(clock: Clock = system_clock) -> Status:
    """What stands on the page. The minute that runs counts as soon as it was seen."""
    now_ms = clock()
    began_ms = heartbeat().began_ms
    days = {one.day: one for one in DAYS.all_of() if one.day > utc_day(now_ms - (_QUARTER + 1) * DAY_MS)}
    until_ms = _counted_until(days, now_ms)
    components = tuple(_component(one, days, began_ms, until_ms) for one in COMPONENTS)
    notice = str(settings.value_of("status.notice"))
    return Status(now_ms, notice, components, shown_incidents(now_ms))


def _component(component: Component, days: Mapping[str, StatusDay], began_ms: int, until_ms: int) -> ComponentStatus:
    def since(number: int) -> int:
        return max(began_ms or until_ms, until_ms - number * DAY_MS)

    today = until_ms // DAY_MS
    bars = tuple(
        (iso_day(day), of_day)
        for day in range(today - _QUARTER + 1, today + 1)
        if (
            of_day := uptime(
                days, component, max(began_ms or until_ms, day * DAY_MS), min(until_ms, (day + 1) * DAY_MS)
            )
        ).minutes
    )
    return ComponentStatus(
        component,
        COMPONENTS[component],
        not uptime(days, component, until_ms - MINUTE_MS, until_ms).bad,
        uptime(days, component, since(_MONTH), until_ms),
        uptime(days, component, since(_QUARTER), until_ms),
        bars,
    )


def _counted_until(days: Mapping[str, StatusDay], now_ms: int) -> int:
    """The end of the last minute that was counted, or of the one before this."""
    this = now_ms - now_ms % MINUTE_MS
    seen = any(not uptime(days, one, this, this + MINUTE_MS).bad for one in COMPONENTS)
    return this + MINUTE_MS if seen else this


def _judged(before: Heartbeat, now_ms: int) -> Heartbeat:
    try:
        return visits.judged(before, now_ms)
    except UpstreamError:
        return replace(before, credits_good=False)


def _with_ads(beat_: Heartbeat, now_ms: int) -> Heartbeat:
    """It reads every account of every organization, so not each minute."""
    if now_ms - beat_.ads_seen_ms < _ADS_EVERY_MS:
        return beat_
    return replace(beat_, ads_late_ms=ads.longest_unread_ms(now_ms), ads_seen_ms=now_ms)


def _remember(now_ms: int, works: tuple[Component, ...]) -> None:
    caller, day = Caller.system(PLATFORM), utc_day(now_ms)
    before = DAYS.find(day)
    after = marked(before or StatusDay(PLATFORM, day), now_ms, works)
    try:
        if before is None:
            DAYS.adding(caller, after).unaudited().commit()
        elif after != before:
            DAYS.changing(caller, before, after)[1].unaudited().commit()
    except VersionError:
        return  # Another beat of the same minute was faster.
