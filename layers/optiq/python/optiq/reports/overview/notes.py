"""What a reader of the overview has to know."""

from collections.abc import Iterator

from optiq.attribution.contracts import STANDARD_MODELS, Model
from optiq.reports.questions.asked import Asked
from optiq.reports.questions.contracts import Note
from optiq.reports.questions.notes import of_damaged, of_no_rate, of_not_computed, of_trust, of_whole_days
from optiq.reports.rollups.reading import Rollups
from optiq.reports.rollups.records import known_days


def notes_of(asked: Asked, now: Rollups, until_ms: int, *, cut: bool) -> tuple[Note, ...]:
    """`cut`: the last day is compared until an hour."""
    return tuple(_notes(asked, now, until_ms, cut=cut))


def _notes(asked: Asked, now: Rollups, until_ms: int, *, cut: bool) -> Iterator[Note]:
    if not until_ms:
        yield Note("NOT_COUNTED_YET", "The numbers are being counted; this takes some minutes.")
    if without_rate := float(now.total.get("no_rate") or 0):
        yield of_no_rate(without_rate, asked.part.currency)
    if asked.part.model not in STANDARD_MODELS:
        every = Rollups.read(now.organization_id, now.site_id, Model.LINEAR, now.days)
        if left_out := round((every.total.get("conversions") or 0) - (now.total.get("conversions") or 0)):
            yield of_not_computed(left_out, asked.part.model)
    yield from of_trust(asked)
    first, last = asked.part.days.first.isoformat(), asked.part.days.last.isoformat()
    of_days = known_days(now.organization_id, now.site_id, first, last)
    if damaged := sorted({path for record in of_days for path in record.damaged or ()}):
        yield of_damaged(damaged)
    if cut:
        yield from of_whole_days(asked)
