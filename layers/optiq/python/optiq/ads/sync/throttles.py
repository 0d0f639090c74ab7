"""Until when a platform wants no request of this system, whatever the account. Who asks before waits longer."""

from optiq.ads import keys
from optiq.ads.sync.records import ThrottleRecord
from optiq.kernel.clock import DAY_MS, SECOND_MS
from optiq.kernel.table import Update, update_if


def until_ms(platform: str) -> int:
    """The end of the wait, which may have passed; 0 for none."""
    try:
        return int(ThrottleRecord.get(*keys.throttle(platform)).until_ms)
    except ThrottleRecord.DoesNotExist:
        return 0


def note(platform: str, until_ms: int) -> None:
    """Nobody asks before an instant. An earlier one than is known changes nothing."""
    until = ThrottleRecord.until_ms
    actions = [until.set(until_ms), ThrottleRecord.forget_at.set((until_ms + DAY_MS) // SECOND_MS)]
    later = until.does_not_exist() | (until < until_ms)
    update_if(Update(ThrottleRecord(*keys.throttle(platform)), actions, later))
