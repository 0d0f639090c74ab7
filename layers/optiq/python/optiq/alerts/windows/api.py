"""Maintenance windows of a site: sales days, outages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from optiq.alerts import keys
from optiq.alerts.judging.contracts import DayValues
from optiq.alerts.windows.contracts import Mode, Window
from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import DAY_MS, Clock, day_bounds, parse_timezone, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.store.api import Store
from optiq.tenancy import api as tenancy

__all__ = ["create_window", "excluding", "list_windows", "mutes", "remove_window", "windows_of"]

_LONGEST_NAME, _LONGEST_MS, _MOST = 100, 92 * DAY_MS, 200
_WINDOWS = Store(Window, "maintenance window", keys.window)


def create_window(
    caller: Caller,
    site_id: str,
    *,
    name: str,
    from_ms: int,
    until_ms: int,
    mode: Mode = "EXCLUDE",
    clock: Clock = system_clock,
) -> Window:
    """
    Raises:
        NotFoundError: there is no such site. InvalidError: a field that cannot be; the message begins with its name.
    """
    tenancy.get_site(caller.organization_id, site_id)
    name = checked_name(name, _LONGEST_NAME)
    if until_ms <= from_ms:
        raise InvalidError("until: must be after from")
    if until_ms - from_ms > _LONGEST_MS:
        raise InvalidError(f"until: must be at most {_LONGEST_MS // DAY_MS} days after from")
    if len(windows_of(caller.organization_id, site_id)) >= _MOST:
        raise InvalidError(f"name: the site has {_MOST} maintenance windows; remove one first")
    window = Window(caller.organization_id, site_id, new_id("window", clock()), name, mode, from_ms, until_ms)
    return _WINDOWS.add(caller, window, clock)


def list_windows(caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[Window]:
    """A page of a site's windows, newest first. Raises NotFoundError; InvalidError for another list's cursor."""
    tenancy.get_site(caller.organization_id, site_id)
    return _WINDOWS.page_by_id(
        caller.organization_id,
        site_id,
        limit=limit,
        cursor=cursor,
        newest_first=True,
        where=lambda window: not window.archived,
    )


def remove_window(caller: Caller, site_id: str, window_id: str, clock: Clock = system_clock) -> None:
    """Removes a window. Raises NotFoundError."""
    before = _WINDOWS.get(caller, site_id, window_id)
    if before.archived:
        raise _WINDOWS.unknown()
    _WINDOWS.change(caller, before, replace(before, archived=True), clock=clock)


def windows_of(organization_id: str, site_id: str) -> list[Window]:
    """All windows of a site, for scheduled work."""
    return [window for window in _WINDOWS.all_of(organization_id, site_id) if not window.archived]


def mutes(windows: Iterable[Window], now_ms: int) -> bool:
    """Whether nobody is told now."""
    return any(window.from_ms <= now_ms < window.until_ms for window in windows)


def excluding(windows: Sequence[Window], days: Sequence[DayValues], timezone: str) -> tuple[DayValues, ...]:
    """The days, those marked that a window leaves out, in part or whole."""
    zone = parse_timezone(timezone)
    spans = [(window.from_ms, window.until_ms) for window in windows if window.mode == "EXCLUDE"]

    def left_out(day: DayValues) -> bool:
        first, end = day_bounds(day.day, day.day, zone)
        return any(start < end and first < until for start, until in spans)

    return tuple(replace(day, excluded=True) if left_out(day) else day for day in days)
