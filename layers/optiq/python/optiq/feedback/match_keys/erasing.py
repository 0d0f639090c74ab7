"""Removes the match keys of a person for good: what was received before the erasure is not taken later either."""

from collections.abc import Iterator, Sequence

from optiq.feedback.match_keys import keys
from optiq.feedback.match_keys.records import MatchKeysRecord
from optiq.kernel.clock import DAY_MS

_MARK_DAYS = 91
"""How long an erasure is remembered here: longer than any keys are kept."""


def found(organization_id: str, site_id: str, subjects: Sequence[str]) -> int:
    """How many items have keys of these subjects."""
    return sum(record.sealed is not None for record in _all(organization_id, site_id, subjects))


def erase(organization_id: str, site_id: str, subjects: Sequence[str], now_ms: int) -> int:
    """Erases them; returns how many items had keys. Erasing again changes nothing."""
    erased = 0
    for record in _all(organization_id, site_id, subjects):
        if record.sealed is not None:
            erased += 1
            record.update(actions=[MatchKeysRecord.sealed.remove(), MatchKeysRecord.digest.remove()])
    for subject in subjects:
        mark = MatchKeysRecord(*keys.of_person(organization_id, site_id, subject))
        mark.update(
            actions=[
                MatchKeysRecord.erased_ms.set(now_ms),
                MatchKeysRecord.taken_ms.set(now_ms),
                MatchKeysRecord.forget_at.set((now_ms + _MARK_DAYS * DAY_MS) // 1000),
            ]
        )
    return erased


def _all(organization_id: str, site_id: str, subjects: Sequence[str]) -> Iterator[MatchKeysRecord]:
    for subject in subjects:
        partition = keys.of_person(organization_id, site_id, subject).pk
        yield from MatchKeysRecord.query(partition, consistent_read=True)
