"""When a sweep begins, and which sites it is of. Nothing of a site is read here."""

from optiq.alerts import keys
from optiq.alerts.planning.records import SettingsRecord, WatchedRecord
from optiq.kernel.clock import MINUTE_MS, Clock, system_clock
from optiq.kernel.settings import settings
from optiq.kernel.turns import in_turn
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

__all__ = ["EVERY_MS", "start_sweep", "watched_sites"]

EVERY_MS = 15 * MINUTE_MS


def start_sweep(clock: Clock = system_clock) -> None:
    """Begins the sweep of this quarter of an hour; one that has begun stays as it is. Raises UpstreamError."""
    turn = clock() // EVERY_MS
    wiring.workflows().start(settings().alert_sweep_machine, f"alert-sweep-{turn}", "{}")


def watched_sites() -> list[tuple[str, str]]:
    """Organization and site of all rules that are judged, each once, and of those that settings still have.

    Organizations take turns: one with many sites has no other wait for all of them. Right to a second or so.
    """
    found: set[tuple[str, str]] = {
        (str(rule.organization_id), str(rule.site_id)) for rule in WatchedRecord.by_second_key.query(keys.WATCHED)
    }
    others = [(one.organization_id, one.site_id) for one in tenancy.all_sites()]
    items = [tuple(keys.settings(*site)) for site in others if site not in found]
    old = {(str(one.organization_id), str(one.site_id)) for one in SettingsRecord.batch_get(items) if one.rules}
    return in_turn(sorted(found | old), lambda site: site[0])
