"""Which conversions a late event credits anew: a bounded number, the latest."""

import pytest
from optiq.journeys.customers.customer import MAX_RECREDITED, MAX_RECREDITED_DAYS, MAX_SHORT_HISTORY, Customer
from optiq.journeys.customers.person import Person
from optiq.journeys.standing import later_ids
from optiq.kernel.clock import DAY_MS
from optiq.kernel.ids import id_from


def _person(days: list[float], *, long: bool = False) -> Person:
    ids = tuple(id_from("conversion", int(day * DAY_MS), str(place)) for place, day in enumerate(days))
    return Person((Customer("cus_a", "user_id", conversions=ids, recent_days={0: MAX_SHORT_HISTORY + long}),))


@pytest.mark.parametrize("long", [False, True])
def test_only_conversions_after_the_event_are_credited_anew(long: bool) -> None:
    person = _person([1, 2, 3], long=long)

    assert later_ids(person, int(2.5 * DAY_MS)) == list(person.customers[0].conversions[2:])
    assert later_ids(person, 4 * DAY_MS) == []


def test_the_latest_are_credited_anew_when_there_are_many() -> None:
    person = _person([day / 10 for day in range(300)])

    assert later_ids(person, 0) == list(person.customers[0].conversions[-MAX_RECREDITED:])


def test_a_long_history_is_read_for_few_days() -> None:
    person = _person([1, 2, 3, 4, 4.5, 5, 5.2], long=True)

    assert MAX_RECREDITED_DAYS == 2
    assert later_ids(person, 0) == list(person.customers[0].conversions[3:])


def test_all_are_credited_anew_when_days_lose_their_visits() -> None:
    person = _person([day / 10 for day in range(80)], long=True)

    assert later_ids(person, 0, every=True) == list(person.customers[0].conversions)
