"""An answer as tables of a mail: the first rows, a bar for the first number, no picture.

Texts that visitors chose, such as a campaign, are on one line and become no link (`name_in_mail`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from optiq.mail import api as mails
from optiq.mail.contracts import MailRow, MailTable
from optiq.reports.behaviour.contracts import Cohort, FunnelAnswer, PathsAnswer, RetentionAnswer
from optiq.reports.cohorts.contracts import CohortsAnswer, ValueCohort
from optiq.reports.questions.api import CATALOGUE
from optiq.reports.questions.contracts import Answer, Note, Number, Row
from optiq.reports.spelling.api import count, duration, moved, of_metric, percent
from optiq.reports.touching.api import BINS
from optiq.reports.touching.contracts import LagsAnswer, OverlapAnswer
from optiq.reports.view_answers.api import ViewAnswer
from optiq.sharing.dashboards.contracts import CardAnswer

_MOST_ROWS, _MOST_METRICS, _MOST_BUCKETS = 31, 5, 6
_NONE = "(none)"


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Attributes:
    rows: their cells, each with the number that its bar shows. total: the cells of the last row, or none.
    """

    columns: Sequence[str]
    rows: Sequence[tuple[Sequence[str], Number]]
    total: Sequence[str] = ()


def table_of(card: CardAnswer) -> MailTable:
    """A card as a table, or as the sentence that says why it has no numbers."""
    title = mails.name_in_mail(card.card.title or (card.view.name if card.view else ""))
    if card.card.kind == "TEXT":
        return MailTable(title, note=mails.text_in_mail(card.card.text))
    if card.answer is None:
        return MailTable(title, note=f"No numbers: {mails.text_in_mail(str(card.error))}.")
    drawn = _drawn(card.answer)
    notes = [one.text for one in notes_of(card.answer)]
    if len(drawn.rows) > _MOST_ROWS:
        notes.insert(0, f"The first {_MOST_ROWS} of {len(drawn.rows)} rows.")
    return MailTable(title, tuple(drawn.columns), _rows(drawn), mails.text_in_mail(" ".join(notes)))


def notes_of(answer: ViewAnswer) -> tuple[Note, ...]:
    return answer.notes if isinstance(answer, Answer) else answer.frame.notes


def is_empty(answer: ViewAnswer) -> bool:
    """Whether an answer has nothing to say: no number but 0."""
    match answer:
        case Answer():
            return not any(answer.totals.values)
        case FunnelAnswer():
            return not answer.steps[0].units
        case RetentionAnswer():
            return not any(cohort.people for cohort in answer.cohorts)
        case PathsAnswer():
            return not answer.paths
        case CohortsAnswer():
            return not answer.cohorts
    return not answer.conversions


def _drawn(answer: ViewAnswer) -> _Drawn:
    match answer:
        case Answer():
            return _of_question(answer) if answer.dimensions else _of_totals(answer)
        case FunnelAnswer():
            return _of_funnel(answer)
        case RetentionAnswer():
            later = [f"+{number}" for number in range(1, _MOST_BUCKETS)]
            return _Drawn(["Began", "People", *later], [_of_cohort(one) for one in answer.cohorts])
        case PathsAnswer():
            edges = [([_name(one.node), _name(one.next, "End"), count(one.paths)], one.paths) for one in answer.edges]
            return _Drawn(["From", "To", "Paths"], edges)
        case LagsAnswer():
            bins = zip(BINS, answer.first.bins, answer.last.bins, strict=True)
            lags = [([name, count(first), count(last)], first) for name, first, last in bins]
            return _Drawn(["Time to convert", "From the first touch", "From the last touch"], lags)
        case CohortsAnswer():
            later = [f"+{number}" for number in range(_MOST_BUCKETS - 1)]
            worth = [_of_worth(one, answer.currency) for one in answer.cohorts]
            return _Drawn(["Won in" if answer.by == "MONTH" else "Channel", "People", *later], worth)
    return _of_overlap(answer)


def _of_question(answer: Answer) -> _Drawn:
    dimensions = [
        CATALOGUE.dimensions[name].label if name in CATALOGUE.dimensions else name.capitalize()
        for name in answer.dimensions
    ]
    metrics = answer.metrics[:_MOST_METRICS]
    return _Drawn(
        [*dimensions, *(CATALOGUE.metrics[name].label for name in metrics)],
        [([*map(_name, row.keys), *_values(answer, row, metrics)], row.values[0]) for row in answer.rows],
        ["Total", *[""] * (len(dimensions) - 1), *_values(answer, answer.totals, metrics)],
    )


def _of_totals(answer: Answer) -> _Drawn:
    totals, rows = answer.totals, []
    for place, name in enumerate(answer.metrics):
        cells = [CATALOGUE.metrics[name].label, of_metric(name, totals.values[place], answer.currency)]
        rows.append(([*cells, *([_moved(totals, place)] if answer.compared else [])], None))
    return _Drawn(["Metric", "Value", *(["Change"] if answer.compared else [])], rows)


def _values(answer: Answer, row: Row, metrics: Sequence[str]) -> Iterator[str]:
    for place, name in enumerate(metrics):
        text = of_metric(name, row.values[place], answer.currency)
        change = _moved(row, place) if answer.compared else ""
        yield f"{text} ({change})" if change else text


def _moved(row: Row, place: int) -> str:
    return moved(row.values[place], row.before[place], row.change[place])


def _of_funnel(answer: FunnelAnswer) -> _Drawn:
    rows = [
        ([f"Step {number}", count(one.units), percent(one.from_first), duration(one.p50_ms)], one.units)
        for number, one in enumerate(answer.steps, 1)
    ]
    return _Drawn(["Step", "Reached", "Of the first", "Median time"], rows)


def _of_cohort(cohort: Cohort) -> tuple[list[str], int]:
    cells = cohort.cells[1:_MOST_BUCKETS]
    shares = [percent(cell.share) if cell.complete else f"{percent(cell.share)} …" for cell in cells]
    return [cohort.bucket, count(cohort.people), *shares, *[""] * (_MOST_BUCKETS - 1 - len(cells))], cohort.people


def _of_worth(cohort: ValueCohort, currency: str) -> tuple[list[str], int]:
    """What a person of it was worth, month by month."""
    cells = cohort.cells[: _MOST_BUCKETS - 1]
    worth = [of_metric("revenue", cell.per_person_micros, currency) for cell in cells]
    shown = [text if cell.complete else f"{text} …" for text, cell in zip(worth, cells, strict=True)]
    filled = [*shown, *[""] * (_MOST_BUCKETS - 1 - len(cells))]
    return [_name(cohort.key), count(cohort.people), *filled], cohort.people


def _of_overlap(answer: OverlapAnswer) -> _Drawn:
    rows = [
        ([_name(one.value), *map(count, (one.conversions, one.alone, one.last, one.assisted))], one.conversions)
        for one in answer.reach
    ]
    return _Drawn(["Value", "Conversions", "Alone", "Last", "Assisted"], rows)


def _name(text: str, otherwise: str = _NONE) -> str:
    return mails.name_in_mail(text) or otherwise


def _rows(drawn: _Drawn) -> tuple[MailRow, ...]:
    shown = drawn.rows[:_MOST_ROWS]
    highest = max((float(value) for _, value in shown if value), default=0.0)
    rows = [MailRow(tuple(cells), value / highest if value and highest > 0 else None) for cells, value in shown]
    return (*rows, *([MailRow(tuple(drawn.total))] if drawn.total else []))
