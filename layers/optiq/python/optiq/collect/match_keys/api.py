"""Match keys at the edge: found in what senders send, hashed by each platform's rules and sealed, before the stream."""

from collections.abc import Sequence

from optiq.collect.match_keys import captured
from optiq.collect.match_keys.contracts import MatchKeys
from optiq.collect.match_keys.hashing import fbc_of

__all__ = ["fbc_of", "open_keys"]


def open_keys(organization_id: str, site_id: str, sealed: Sequence[tuple[str, str]], taken_ms: int) -> MatchKeys:
    """The keys of one buyer. Only who is about to send them opens them.

    Args:
        sealed: id and sealed keys of each event, those of the conversion itself first.

    Raises:
        UpstreamError: one does not open as its event's.
    """
    found = [captured.opened(organization_id, site_id, event_id, text) for event_id, text in sealed]
    return captured.keys_of(found, taken_ms)
