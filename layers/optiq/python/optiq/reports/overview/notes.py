"""What a reader of the overview has to know."""

from collections.abc import Iterator, Sequence

from optiq.attribution.contracts import STANDARD_MODELS, Model
from optiq.reports.questions.asked import Asked
from optiq.reports.questions.contracts import Note
from optiq.reports.questions.cost_notes import of_costs
from optiq.reports.questions.notes import (
    of_damaged,
    of_held,
    of_no_rate,
    of_not_computed,
    of_not_counted,
    of_trust,
    of_whole_days,
)
from optiq.reports.rollups.reading import Rollups, read_rollups
from optiq.reports.rollups.records import RollupDayRecord


def notes_of(asked: Asked, now: Rollups, known: Sequence[RollupDayRecord], until_ms: int) -> tuple[Note, ...]:
    """`known` are the period's days that were rolled up."""
    return tuple(_notes(asked, now, known, until_ms))


def _notes(asked: Asked, now: Rollups, known: Sequence[RollupDayRecord], until_ms: int) -> Iterator[Note]:
    organization_id, site_id = asked.caller.organization_id, asked.part.site_id
    if not until_ms:
        yield of_not_counted()
    if without_rate := float(now.total.get("no_rate") or 0):
        yield of_no_rate(without_rate, asked.part.currency)
    if asked.part.model not in STANDARD_MODELS:
        (every,) = read_rollups(organization_id, site_id, (Model.LINEAR,), [(now.days, None)])
        if left_out := round((every.total.get("conversions") or 0) - (now.total.get("conversions") or 0)):
            yield of_not_computed(left_out, asked.part.model)
    yield from of_trust(asked)
    own = (record for record in known if record.timezone == str(now.days.timezone))
    yield from of_damaged(sorted({path for record in own for path in record.damaged or ()}))
    yield from of_held(asked)
    if now.until:
        yield from of_whole_days(asked)
    yield from of_costs(asked, {})
