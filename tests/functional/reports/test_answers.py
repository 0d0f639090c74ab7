"""Answers that are kept: given again while they hold, computed once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from optiq.journeys.lake import CONVERSIONS
from optiq.kernel.clock import from_rfc3339
from optiq.ports import wiring
from optiq.ports.lake_folder import FolderLake
from optiq.ports.lake_rows import arrow_table
from optiq.ports.query_duckdb import DuckDBQuery
from optiq.reports.answers import FRESH_MS, RUN_MS, Kept, Wanted, give
from optiq.reports.records import AnswerRecord
from pydantic import TypeAdapter

from tests.support.waiting import wait_until

pytestmark = pytest.mark.usefixtures("table")
START_MS = from_rfc3339("2026-01-31T12:00:00Z")


@dataclass
class Question:
    """A question whose answer is how often it was computed."""

    organization_id: str
    site_id: str
    now_ms: int = START_MS
    computed: int = 0
    gate: threading.Event = field(default_factory=threading.Event)
    fails: bool = False

    def __post_init__(self) -> None:
        self.gate.set()

    def compute(self) -> int:
        self.gate.wait(30)
        self.computed += 1
        if self.fails:
            raise ValueError("no answer")
        return self.computed

    def give(self, text: str = "how many?") -> Kept[int]:
        read = {CONVERSIONS.name: ("2026-01-01", "2026-01-31")}
        wanted = Wanted(self.organization_id, self.site_id, text, read, TypeAdapter(int), self.compute)
        return give(wanted, lambda: self.now_ms)


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderLake:
    query = DuckDBQuery(str(tmp_path))
    monkeypatch.setattr(wiring, "query", lambda: query)
    return FolderLake(str(tmp_path))


@pytest.fixture
def question(lake: FolderLake, organization_id: str, site_id: str) -> Question:
    return Question(organization_id, site_id)


def began(question: Question) -> bool:
    wanted = Wanted(question.organization_id, question.site_id, "how many?", {}, TypeAdapter(int), question.compute)
    try:
        return bool(AnswerRecord.get(*wanted.key).run)
    except AnswerRecord.DoesNotExist:
        return False


def write(lake: FolderLake, organization_id: str, day: str, name: str = "a") -> None:
    lake.append(CONVERSIONS.name, organization_id, day, name, arrow_table(CONVERSIONS, [{"conversion_id": name}]))


def test_an_answer_is_given_again_while_its_files_are_as_they_were(lake: FolderLake, question: Question) -> None:
    write(lake, question.organization_id, "2026-01-10")
    assert question.give() == Kept(1, START_MS)
    question.now_ms += FRESH_MS
    write(lake, question.organization_id, "2026-02-01")  # of no day that it reads
    assert question.give() == Kept(1, START_MS + FRESH_MS)


def test_an_answer_is_computed_anew_when_a_file_changes(lake: FolderLake, question: Question) -> None:
    question.give()
    write(lake, question.organization_id, "2026-01-10")
    assert question.give() == Kept(1, START_MS)  # it is fresh
    question.now_ms += FRESH_MS
    assert question.give() == Kept(2, question.now_ms)


def test_other_questions_and_other_sites_have_other_answers(question: Question, organization_id: str) -> None:
    assert [question.give(text).value for text in ("a", "b", "a")] == [1, 2, 1]
    question.site_id = "site_other"
    assert question.give("a").value == 3


def test_of_many_at_once_one_computes(question: Question) -> None:
    question.gate.clear()
    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(question.give) for _ in range(6)]
        question.gate.set()
        assert {answer.result(timeout=60).value for answer in answers} == {1}


def test_one_that_fails_leaves_the_next_to_compute(question: Question) -> None:
    question.fails = True
    with pytest.raises(ValueError, match="no answer"):
        question.give()
    question.fails = False
    assert question.give().value == 2


def test_one_that_died_leaves_the_next_to_compute_after_a_while(question: Question) -> None:
    hangs = Question(question.organization_id, question.site_id)
    hangs.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(hangs.give)
        try:
            wait_until(lambda: began(question), "it computes")
            question.now_ms += RUN_MS + 1
            assert question.give() == Kept(1, question.now_ms)
        finally:
            hangs.gate.set()
        begun.result(timeout=60)
