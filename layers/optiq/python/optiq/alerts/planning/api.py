"""When a sweep begins, and which sites it is of. Nothing of a site is read here."""

from optiq.alerts import keys
from optiq.alerts.planning.records import WatchedRecord
from optiq.kernel.clock import MINUTE_MS, Clock, system_clock
from optiq.kernel.settings import settings
from optiq.ports import wiring

__all__ = ["EVERY_MS", "start_sweep", "watched_sites"]

EVERY_MS = 15 * MINUTE_MS


def start_sweep(clock: Clock = system_clock) -> None:
    """Begins the sweep of this quarter of an hour; one that has begun stays as it is. Raises UpstreamError."""
    turn = clock() // EVERY_MS
    wiring.workflows().start(settings().alert_sweep_machine, f"alert-sweep-{turn}", "{}")


def watched_sites() -> list[tuple[str, str]]:
    """Organization and site of all rules that are judged, each once; right to a second or so."""
    found = WatchedRecord.by_second_key.query(keys.WATCHED)
    return sorted({(str(rule.organization_id), str(rule.site_id)) for rule in found})
