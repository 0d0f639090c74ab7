"""What strangers do not get to see of an answer: how the organization's lake is laid out."""

from collections.abc import Sequence
from dataclasses import replace

from optiq.reports.questions.contracts import Answer, Note
from optiq.reports.view_answers.api import ViewAnswer
from optiq.sharing.dashboards.contracts import CardAnswer

_DAMAGED = "Some files cannot be read, so their rows are missing."


def for_strangers(card: CardAnswer) -> CardAnswer:
    """The same numbers; a note on damaged files names none, and nothing names the view."""
    answer = None if card.answer is None else _without_files(card.answer)
    return replace(card, card=replace(card.card, view_id=""), answer=answer)


def _without_files(answer: ViewAnswer) -> ViewAnswer:
    if isinstance(answer, Answer):
        return replace(answer, notes=_notes(answer.notes))
    return replace(answer, frame=replace(answer.frame, notes=_notes(answer.frame.notes)))


def _notes(notes: Sequence[Note]) -> tuple[Note, ...]:
    return tuple(replace(note, text=_DAMAGED) if note.kind == "DAMAGED_FILES" else note for note in notes)
