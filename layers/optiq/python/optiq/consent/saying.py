"""What a visitor says of a purpose, and which of two sayings holds: pure rules.

A later one holds. Of one instant, a refusal does. A browser's Global Privacy Control is a refusal that only that
browser's own page can take back, once the signal is gone: what a server says of the visitor meanwhile does not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optiq.consent.contracts import Standing
from optiq.kernel.ad_consent import PURPOSES, Purpose, Said, Source, read
from optiq.kernel.events import EventAccepted

MOST_CHANGES = 200
"""Records of one visitor; anybody can send with a site's public key. Beyond it, only refusals count."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Attributes as of ConsentRecord; `at_ms` is its `said_ms`."""

    granted: bool
    at_ms: int
    source: Source
    policy_version: str = ""
    text_hash: str = ""

    @property
    def gpc(self) -> bool:
        return self.source == "GPC"


Sayings = Mapping[Purpose, Saying]


def sayings_of(event: EventAccepted) -> Sayings:
    """What an event says, by purpose."""
    consent = read(event.ads)
    if consent is None:
        return {}
    # A page tells its visitor's choice as it sends; a server when it happened.
    at_ms = min(event.occurred_ms, event.received_ms) if event.from_server else event.received_ms
    named = (consent.policy_version, consent.text_hash)
    return {
        purpose: Saying(said == "GRANTED", at_ms, consent.source, *named)
        for purpose in PURPOSES
        if (said := consent.of(purpose)) != "UNKNOWN"
    }


def holds(said: Saying, before: Saying | None, changes: int) -> bool:
    """Whether it changes what was said before.

    Args:
        changes: how often the visitor changed it already.
    """
    if said.granted and changes >= MOST_CHANGES:
        return False
    if before is None:
        return True
    if said.at_ms < before.at_ms or (said.at_ms == before.at_ms and said.granted):
        return False
    if said.granted == before.granted:
        agreed_anew = said.granted and bool(said.policy_version or said.text_hash) and _text(said) != _text(before)
        return agreed_anew or (said.gpc and not before.gpc)
    return not (before.gpc and said.source != "TRACKER")


def standing_of(visitors: Iterable[Sayings]) -> Standing:
    """What a person says, from what their devices and identifiers said last."""
    every = list(visitors)
    gpc = any(saying.gpc for sayings in every for saying in sayings.values())
    if gpc:
        return Standing("DENIED", "DENIED", gpc=True)
    return Standing(_said("AD_USER_DATA", every), _said("AD_PERSONALIZATION", every))


def _said(purpose: Purpose, visitors: Iterable[Sayings]) -> Said:
    found = [sayings[purpose] for sayings in visitors if purpose in sayings]
    if not found:
        return "UNKNOWN"
    latest = max(found, key=lambda one: (one.at_ms, not one.granted))
    return "GRANTED" if latest.granted else "DENIED"


def _text(saying: Saying) -> tuple[str, str]:
    return saying.policy_version, saying.text_hash
