"""Match keys: what advertising platforms recognise a buyer by.

They are captured by collect (`optiq.collect.match_keys`): only on a site whose `conversion_feedback` is ON, only of an
event whose `ad_user_data` is granted, hashed and sealed before the stream. They are kept here, sealed, for the site's
`match_key_days`, and nowhere else.
"""

from collections.abc import Sequence

from optiq.feedback.match_keys import erasing, taking
from optiq.feedback.match_keys.contracts import Match
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.events import MatchKeysTaken
from optiq.kernel.table import table_outages


def take(messages: Sequence[MatchKeysTaken]) -> None:
    """Keeps what collect captured, before the conversions that it is of are recorded; a replay changes nothing.

    Raises:
        UpstreamError: deliver them again.
    """
    with table_outages():
        taking.take(messages)


def read(organization_id: str, site_id: str, conversion_id: str, *, clock: Clock = system_clock) -> Match:
    """What may be sent of a conversion now, and the keys for it: of its own events and of its person's other ones.

    Ask right before sending: consent may have been withdrawn since, and keys end.

    Raises:
        NotFoundError: there is no such site or conversion.
        UpstreamError: keys do not open as their event's.
    """
    # The consumer of events only keeps them, and need not load what opens them.
    from optiq.feedback.match_keys import reading

    return reading.read(organization_id, site_id, conversion_id, clock())


def count(organization_id: str, site_id: str, subjects: Sequence[str]) -> int:
    """How many items of match keys there are of identifiers, by their keyed hashes."""
    return erasing.found(organization_id, site_id, subjects)


def erase(organization_id: str, site_id: str, subjects: Sequence[str], *, clock: Clock = system_clock) -> int:
    """Erases the match keys of identifiers, by their keyed hashes; returns how many items had some.

    What was received before and is taken later is passed over. Erasing again changes nothing.
    """
    return erasing.erase(organization_id, site_id, subjects, clock())
