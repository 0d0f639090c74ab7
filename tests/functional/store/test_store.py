"""Entities in the table: found, listed, changed by version, with what only one of them may have."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from optiq.audit import api as audit
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.keys import Key
from optiq.store.api import Claim, Store

pytestmark = pytest.mark.usefixtures("table")


@dataclass(frozen=True, slots=True)
class Size:
    width: int
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    organization_id: str
    box_id: str
    label: str
    sizes: tuple[Size, ...] = ()
    tags: tuple[str, ...] = ()
    weight: int | None = None
    ends_ms: int | None = None
    open: bool = True
    version: int = 0


def _key(organization_id: str, box_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"BOX#{box_id}")


def _claims(box: Box) -> Sequence[Claim]:
    key = Key(f"ORG#{box.organization_id}", f"BOX_LABEL#{box.label}")
    return (Claim(key, f"label: '{box.label}' is taken", box.ends_ms),) if box.open else ()


# Entries of the audit log need a noun that some manifest names.
BOXES = Store(Box, "role", _key, lambda box: (f"ORG#{box.organization_id}#BOXES", box.box_id), _claims)


@pytest.fixture
def caller(organization_id: str) -> Caller:
    return Caller.system(organization_id)


def _box(caller: Caller, label: str = "First", **more: object) -> Box:
    return Box(caller.organization_id, new_id("box", system_clock()), label, **more)  # type: ignore[arg-type]


def _labels(boxes: Sequence[Box]) -> list[str]:
    return [box.label for box in boxes]


def test_an_entity_is_read_as_it_was_written(caller: Caller) -> None:
    full = _box(caller, sizes=(Size(3, "red"), Size(4)), tags=("a", "b"), weight=7, open=False)
    plain = _box(caller, "Second")
    for box in (full, plain):
        BOXES.add(caller, box)

    assert BOXES.get(caller, full.box_id) == full
    assert BOXES.find(caller.organization_id, plain.box_id) == plain


def test_an_entity_is_unknown_to_another_organization_and_by_what_is_no_id(caller: Caller) -> None:
    box = BOXES.add(caller, _box(caller))

    for asks, box_id in ((Caller.system("org_other"), box.box_id), (caller, "x" * 3_000), (caller, "")):
        with pytest.raises(NotFoundError, match="there is no such role"):
            BOXES.get(asks, box_id)


def test_a_change_is_one_version_and_the_log_has_the_difference(caller: Caller) -> None:
    box = BOXES.add(caller, _box(caller, sizes=(Size(3),)))

    changed = BOXES.change(caller, box, replace(box, label="Other", sizes=(Size(4),)))

    assert (changed.version, BOXES.get(caller, box.box_id)) == (1, changed)
    assert BOXES.change(caller, changed, changed) is changed
    changes = [entry.change for entry in audit.entries(caller.organization_id).items]
    assert [change.action for change in changes] == ["role.changed", "role.created"]
    assert changes[0].before == {"label": "First", "sizes": ['{"width": 3, "colour": null}']}
    assert changes[0].after == {"label": "Other", "sizes": ['{"width": 4, "colour": null}']}
    assert {"box_id", "organization_id", "version"}.isdisjoint(changes[1].after)


def test_a_change_is_refused_when_another_came_between(caller: Caller) -> None:
    box = BOXES.add(caller, _box(caller))
    BOXES.change(caller, box, replace(box, weight=1))

    with pytest.raises(ConflictError, match="at the same time"):
        BOXES.change(caller, box, replace(box, weight=2))
    with pytest.raises(ConflictError, match="version 1"):
        BOXES.change(caller, BOXES.get(caller, box.box_id), box, expected_version=0)
    with pytest.raises(ConflictError, match="at the same time"):
        BOXES.unchanged(box).commit()
    BOXES.unchanged(BOXES.get(caller, box.box_id)).commit()


def test_one_of_many_gets_what_only_one_may_have(caller: Caller) -> None:
    def create(_: int) -> bool:
        try:
            BOXES.add(caller, _box(caller))
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(create, range(4))) == 1


def test_a_claim_is_free_once_it_is_given_up_or_has_ended(caller: Caller) -> None:
    first, second = (BOXES.add(caller, _box(caller, label)) for label in ("First", "Second"))
    with pytest.raises(ConflictError, match="'First' is taken"):
        BOXES.change(caller, second, replace(second, label="First"))

    first = BOXES.change(caller, first, replace(first, label="Third"))
    second = BOXES.change(caller, second, replace(second, label="First"))
    BOXES.change(caller, second, replace(second, open=False))
    BOXES.add(caller, _box(caller, "First", ends_ms=1_000), clock=lambda: 500)

    with pytest.raises(ConflictError):
        BOXES.add(caller, _box(caller, "First"), clock=lambda: 999)
    BOXES.add(caller, _box(caller, "First"), clock=lambda: 1_000)


def test_a_claim_that_ended_stays_with_who_took_it_then(caller: Caller) -> None:
    first = BOXES.add(caller, _box(caller, ends_ms=1_000), clock=lambda: 500)
    second = BOXES.add(caller, _box(caller), clock=lambda: 1_000)

    BOXES.change(caller, first, replace(first, open=False), clock=lambda: 1_001)

    with pytest.raises(ConflictError):
        BOXES.add(caller, _box(caller))
    assert BOXES.get(caller, second.box_id).open


def test_two_transactions_are_made_together_or_not_at_all(caller: Caller) -> None:
    first, second = _box(caller), _box(caller, "Second")
    both = BOXES.adding(caller, first) + BOXES.adding(caller, second)
    BOXES.add(caller, _box(caller, "Second"))

    with pytest.raises(ConflictError, match="'Second' is taken"):
        both.commit()

    assert _labels(list(BOXES.all_of(caller.organization_id))) == ["Second"]


@pytest.mark.parametrize("way", ["index", "newest", "oldest"])
def test_a_list_comes_in_pages_whose_cursors_are_its_own(caller: Caller, way: str) -> None:
    made = [BOXES.add(caller, _box(caller, str(number), weight=number)) for number in range(5)]

    def page(of: str, cursor: str | None) -> tuple[list[str], str | None]:
        by_id = {"limit": 2, "cursor": cursor, "newest_first": way == "newest"}
        found = BOXES.page(f"ORG#{of}#BOXES", 2, cursor) if way == "index" else BOXES.page_by_id(of, **by_id)  # type: ignore[arg-type]
        return [box.box_id for box in found.items], found.cursor

    listed: list[str] = []
    ids, cursor = page(caller.organization_id, None)
    listed += ids
    with pytest.raises(InvalidError, match="cursor"):
        page("org_other", cursor)
    while cursor:
        ids, cursor = page(caller.organization_id, cursor)
        listed += ids

    ids = [box.box_id for box in made]
    assert listed == (ids if way == "oldest" else ids[::-1])


def test_a_page_has_as_many_as_were_asked_for_of_those_wanted(caller: Caller) -> None:
    for number in range(5):
        BOXES.add(caller, _box(caller, str(number), weight=number))

    def page(cursor: str | None = None) -> tuple[list[str], str | None]:
        found = BOXES.page_by_id(caller.organization_id, limit=2, cursor=cursor, where=lambda box: box.weight != 1)
        return _labels(found.items), found.cursor

    labels, cursor = page()
    assert (labels, page(cursor)) == (["0", "2"], (["3", "4"], None))
    assert _labels(list(BOXES.all_of(caller.organization_id, newest_first=True))) == ["4", "3", "2", "1", "0"]
    assert _labels(BOXES.in_index(f"ORG#{caller.organization_id}#BOXES")) == ["0", "1", "2", "3", "4"]
